// The overview's chart.
const canvas = document.getElementById("section-chart");
if (canvas && window.Chart) {
  const data = JSON.parse(document.getElementById("section-data").textContent);
  // The colours of the lamps, dark to light so that they differ in grey print too.
  const colours = ["#17663a", "#7fbf9a", "#e0a13a", "#a61b1b", "#d5dae1"];
  // Names take two fifths of the chart, cut at their end: what is too long for its axis loses its beginning.
  const shortened = (label, width) => {
    const most = Math.floor((width * 0.4) / 12); // signs of 12 px
    return label.length > most ? `${label.slice(0, most - 1)}…` : label;
  };
  function nameOf(value) {
    return shortened(this.getLabelForValue(value), this.chart.width);
  }
  const chart = new window.Chart(canvas, {
    type: "bar",
    data: {
      labels: data.labels,
      datasets: data.names.map((name, i) => ({
        label: name,
        data: data.series[i],
        backgroundColor: colours[i],
        borderColor: "#ffffff",
        borderWidth: 1,
      })),
    },
    options: {
      indexAxis: "y",
      animation: false,
      maintainAspectRatio: false,
      scales: { x: { stacked: true, ticks: { precision: 0 } }, y: { stacked: true, ticks: { autoSkip: false, callback: nameOf } } },
      plugins: {
        legend: { position: "bottom", labels: { boxWidth: 12 } },
        tooltip: { callbacks: { title: (points) => data.labels[points[0].dataIndex] } },
      },
    },
  });
  // The paper is narrower than the screen.
  window.addEventListener("beforeprint", () => chart.resize(680, 185));
  window.addEventListener("afterprint", () => chart.resize());
}
