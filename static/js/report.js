// The unit's form: keeps what is typed, saves it by itself, shows what is saved and what is not, and lets people choose.
import * as causes from "./causes.js";
import * as contents from "./contents.js";
import * as drafts from "./drafts.js";
import { startPresence } from "./presence.js";
import { csrfToken, store, user } from "./this_browser.js";
import * as twoTexts from "./two_texts.js";

const RETRY_AFTER = 8000; // milliseconds
const FORM = "form[data-autosave]";
const unsaved = new Map(); // form → "typed" | "sending" | "failed" | "refused" | "choosing"
const sent = new Map(); // form → the contents sent and not acknowledged, the one under way last
const known = new Map(); // form → the content that the server has, as far as this page knows
let goOnTo = null; // the address to open once everything is saved

const formOf = (event) => (event.target.closest ? event.target.closest(FORM) : null);
// The form that a request of htmx saves, by itself or by a button inside it; null for all other requests.
const savedBy = (event) => {
  const form = formOf(event);
  return form && event.detail.requestConfig.path === form.getAttribute("action") ? form : null;
};
const isUnread = (form) => form.querySelector("[id^='unreadable-'] .gap-note") !== null;
const isKnown = (form) => known.has(form) && contents.same(contents.of(form), known.get(form));
const say = (form, text, failed) => {
  const line = form.querySelector(".save-state");
  line.textContent = text;
  line.classList.remove("saved");
  line.classList.toggle("failed", Boolean(failed));
  return line;
};
const tellPage = () => {
  const line = document.getElementById("page-state");
  if (!line) return;
  const states = Array.from(unsaved.values());
  const stuck = states.some((state) => ["failed", "refused", "choosing"].includes(state));
  line.classList.toggle("failed", stuck);
  if (states.includes("choosing")) line.textContent = "有内容等您选择";
  else if (stuck) line.textContent = store.works ? "有内容未保存，已留在本机" : "有内容未保存，请不要关闭本页";
  else line.textContent = states.length ? "有内容正在保存…" : "全部内容已保存";
  if (!states.length && goOnTo) window.location.href = goOnTo;
};
const notSaved = (form, why) => {
  const kept = drafts.keep(form);
  goOnTo = null;
  const line = say(form, `${kept ? "未保存——已留在本机。" : "未保存，本机也不能留存，请不要关闭本页。"}${why}`, true);
  tellPage();
  return line;
};
const save = (form) => form.dispatchEvent(new CustomEvent("retry")); // its hx-trigger names it
const retryFailed = () => unsaved.forEach((state, form) => { if (state === "failed") save(form); });

const typed = (form) => {
  // Leaving a box says "change" once more, long after the server has what stands there.
  if (!unsaved.has(form) && isKnown(form)) return;
  const kept = drafts.keep(form);
  if (unsaved.get(form) === "choosing") return;
  unsaved.set(form, "typed");
  say(form, kept ? "有修改，稍后自动保存…" : "有修改，稍后自动保存；本机不能留存，保存前请不要关闭本页。");
  tellPage();
};
const saved = (form, content) => {
  known.set(form, content);
  sent.delete(form);
  drafts.acknowledge(form, content);
  // Typing went on while the request was under way: then it is "typed" again and stays unsaved.
  if (unsaved.get(form) === "sending") unsaved.delete(form);
  tellPage();
};
// Trying again does not help against these.
const FOR_GOOD = new Map([
  [400, "一次提交的内容太多，请缩短后再保存。"],
  [404, "这项填报已有变动（任务调整，或单位、人员变动），请刷新页面查看，您写的内容会列出来。"],
]);
const failed = (form, status) => {
  known.delete(form); // the server may have taken it before the answer was lost
  if (FOR_GOOD.has(status)) {
    unsaved.set(form, "refused");
    notSaved(form, FOR_GOOD.get(status));
    return;
  }
  unsaved.set(form, "failed");
  if (status === 401 || status === 403) {
    const line = notSaved(form, "登录已过期，或本机已换人登录，请");
    const link = Object.assign(document.createElement("a"), { href: "/login", target: "_blank", rel: "opener", textContent: "重新登录" });
    line.append(link, "，回到本页会自动保存。");
  } else {
    notSaved(form, status ? "服务器没有保存成功，稍后自动重试。" : "网络不通，稍后自动重试。");
  }
  setTimeout(() => { if (unsaved.get(form) === "failed") save(form); }, RETRY_AFTER);
};

// --- choosing between two contents ---------------------------------------------------------------------
const put = (form, content) => {
  contents.putInto(form, content);
  causes.ask(form);
  contents.putInto(form, content); // the answer to what is asked only now
};
const settle = (form, content) => {
  put(form, content);
  known.delete(form);
  unsaved.set(form, "typed");
  typed(form);
  save(form);
};
// Asks the page anew: whatever fields the form has, what it shows now is what the server holds.
const formOnServer = async (form) => {
  const answer = await fetch(window.location.pathname, { headers: { "X-Page-User": user } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return Array.from(page.querySelectorAll(FORM)).find((other) => other.getAttribute("action") === form.getAttribute("action"));
};
const bySomebodyElse = async (form) => {
  unsaved.set(form, "choosing");
  const why = form.querySelector(".save-state").textContent;
  const other = await formOnServer(form).catch(() => null);
  if (!other) { failed(form, 0); return; }
  const state = other.querySelector("[data-saved]");
  const theirs = contents.of(other);
  const takeTheirVersion = () => form.querySelector("[data-saved]").replaceWith(document.adoptNode(state));
  // An answer that was lost on the way: what stands there is what this page sent before.
  if (sent.get(form).slice(0, -1).some((mine) => contents.same(mine, theirs))) {
    takeTheirVersion();
    unsaved.set(form, "typed");
    save(form);
    return;
  }
  notSaved(form, why);
  twoTexts.offer(form, {
    kind: "conflict",
    titles: { mine: "", theirs: state.dataset.saved },
    mine: contents.of(form),
    theirs,
    choose: (choice) => {
      takeTheirVersion();
      sent.delete(form);
      if (choice === "mine") settle(form, contents.of(form));
      else if (choice === "both") settle(form, contents.joined(contents.of(form), theirs));
      else {
        put(form, theirs);
        unsaved.delete(form);
        saved(form, contents.of(form));
      }
    },
  });
  tellPage();
};
// Whoever typed before this script ran has what stands there saved like any other words.
const typedEarly = (form) => {
  if (contents.same(contents.of(form), contents.asItCame(form))) return;
  typed(form);
  if (document.readyState === "complete") save(form);
  else window.addEventListener("load", () => save(form));
};
const fromThisComputer = (form) => {
  const server = contents.asItCame(form);
  // The header suggests the person's own name before anybody saved it: what stands there is not on the server yet.
  if (!form.matches("[data-suggested]")) known.set(form, server);
  const [newest] = drafts.leftFor(form).filter((draft) => {
    const isThere = contents.same(draft.content, server);
    if (isThere) store.drafts.forget(draft);
    return !isThere;
  });
  if (!newest) { typedEarly(form); return; }
  const boxes = contents.typedControls(form);
  // Chosen first and typed afterwards: otherwise there would be a third text.
  boxes.forEach((box) => { box.disabled = true; });
  unsaved.set(form, "choosing");
  const state = form.querySelector("[data-saved]");
  twoTexts.offer(form, {
    kind: "draft",
    titles: { mine: drafts.when(newest), theirs: state ? state.dataset.saved : "" },
    mine: newest.content,
    theirs: contents.of(form),
    choose: (choice) => {
      boxes.forEach((box) => { box.disabled = false; });
      unsaved.delete(form);
      if (choice === "mine") settle(form, newest.content);
      else if (choice === "both") settle(form, contents.joined(newest.content, contents.of(form)));
      store.drafts.forget(newest);
      if (choice === "theirs") fromThisComputer(form);
      tellPage();
    },
  });
  tellPage();
};

// --- what happens to a form ------------------------------------------------------------------------------
document.addEventListener("input", (event) => { if (formOf(event)) typed(formOf(event)); });
document.addEventListener("change", (event) => {
  const form = formOf(event);
  if (!form) return;
  if (event.target.name === "status") causes.ask(form);
  typed(form);
});
document.addEventListener("submit", (event) => {
  // A button with a name asks for something else than saving.
  if (!event.target.matches(FORM) || (event.submitter && event.submitter.name)) return;
  event.preventDefault();
  save(event.target);
}, true);
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-Page-User"] = user;
  if (csrfToken()) event.detail.parameters.csrfmiddlewaretoken = csrfToken();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = savedBy(event);
  if (!form) return;
  const isByItself = event.target === form;
  if (unsaved.get(form) === "choosing" || (isByItself && isKnown(form))) {
    event.preventDefault();
    if (unsaved.get(form) === "choosing") return;
    unsaved.delete(form);
    say(form, isUnread(form) ? "▲ 已保存，但有内容没有读懂，见上方" : "✔ 没有未保存的修改");
    saved(form, contents.of(form));
    return;
  }
  unsaved.set(form, "sending");
  sent.set(form, [...(sent.get(form) || []), contents.of(form)].slice(-20));
  say(form, "正在保存…");
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = savedBy(event);
  if (!form) return;
  const { status } = event.detail.xhr;
  if (!event.detail.successful) failed(form, status);
  else if (form.querySelector("[data-conflict]")) bySomebodyElse(form);
  else if (form.querySelector(".save-state.failed")) {
    unsaved.set(form, "refused");
    notSaved(form, form.querySelector(".save-state").textContent);
  } else {
    // A button inside, such as the one that brings the last period's words, changes what stands in the boxes.
    saved(form, event.target === form ? sent.get(form).pop() : contents.of(form));
  }
});

// --- coming and going ------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-after-saving]");
  if (!link || !unsaved.size) return;
  event.preventDefault();
  const waiting = Array.from(unsaved.keys()).find((form) => unsaved.get(form) === "choosing");
  if (waiting) { twoTexts.show(waiting); return; }
  goOnTo = link.href;
  unsaved.forEach((state, form) => { if (state !== "sending") save(form); });
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) unsaved.forEach((state, form) => { if (state === "typed") save(form); });
  else retryFailed();
});
window.addEventListener("online", retryFailed);
window.addEventListener("focus", retryFailed);
window.addEventListener("beforeunload", (event) => {
  if (unsaved.size && !goOnTo) { event.preventDefault(); event.returnValue = ""; }
});
// The back button brings a picture of then; what is on the server now is asked for, what was typed is in the drafts.
window.addEventListener("pageshow", (event) => {
  if (event.persisted && !unsaved.size) window.location.reload();
});
const [arrival] = performance.getEntriesByType("navigation");
if (arrival && arrival.type === "back_forward" && store.works) {
  window.location.reload();
} else {
  const forms = Array.from(document.querySelectorAll(FORM));
  forms.forEach((form) => {
    causes.ask(form); // the browser may have put a choice back by itself
    fromThisComputer(form);
  });
  drafts.showLeftOver(new Set(forms.map(drafts.boxOf)));
}

const layout = document.querySelector("[data-presence]");
if (layout) startPresence(layout, { csrfToken, user });
