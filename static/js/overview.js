// The overview's chart.
const canvas = document.getElementById("section-chart");
if (canvas && window.Chart) {
  const data = JSON.parse(document.getElementById("section-data").textContent);
  // The colours of the lamps, dark to light so that they differ in grey print too.
  const colours = ["#17663a", "#7fbf9a", "#e0a13a", "#a61b1b", "#d5dae1"];
  const chart = new window.Chart(canvas, {
    type: "bar",
    data: {
      labels: data.labels.map((label) => (label.length > 14 ? `${label.slice(0, 13)}…` : label)),
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
      scales: { x: { stacked: true, ticks: { precision: 0 } }, y: { stacked: true } },
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
