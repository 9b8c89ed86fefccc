// Tells the server which task has the focus and shows who else is on which one. Locks nothing; if it fails, nothing is missed.
const EVERY = 20000; // milliseconds

// When the server is told: at every call, or only where he has moved.
// `entryNow` says where he is, `ask` tells the server and brings who else is where (null: it does not say), `show` shows it.
export const tellerOf = ({ entryNow, isHidden, ask, show }) => {
  let told = null;
  const tell = async () => {
    if (isHidden()) return;
    told = entryNow();
    try {
      const others = await ask(told);
      if (others) show(others);
    } catch (error) {
      show({}); // the network is gone: what is shown would grow old
    }
  };
  const tellIfMoved = () => (entryNow() === told ? undefined : tell());
  return { tell, tellIfMoved };
};

const entryOf = (element) => {
  const form = element && element.closest(".task-card form[data-autosave]");
  return form ? form.getAttribute("action").split("/").pop() : "";
};
const entryNow = () => entryOf(document.activeElement);

// Goes on as long as the page is open; `layout` names the address.
export const startPresence = (layout, { csrfToken, user }) => {
  const show = (others) => layout.querySelectorAll(".task-card form[data-autosave]").forEach((form) => {
    const head = form.closest(".task-card").querySelector(".task-head");
    const words = others[entryOf(form)] || "";
    let line = head.querySelector(".presence");
    if (!line && !words) return;
    if (!line) {
      line = Object.assign(document.createElement("span"), { className: "presence" });
      line.setAttribute("role", "status");
      head.append(line);
    }
    if (line.textContent !== words) line.textContent = words;
  });
  const ask = async (entry) => {
    const headers = { "X-CSRFToken": csrfToken(), "X-Page-User": user, "HX-Request": "true" };
    const answer = await fetch(layout.dataset.presence, { method: "POST", headers, body: new URLSearchParams({ entry }) });
    return answer.ok ? (await answer.json()).others : null;
  };
  const { tell, tellIfMoved } = tellerOf({ entryNow, isHidden: () => document.hidden, ask, show });
  setInterval(tell, EVERY);
  document.addEventListener("focusin", tellIfMoved);
  document.addEventListener("visibilitychange", tell);
  tell();
};
