// The unit's form: shows what is saved and what is not, tries again by itself, and never leaves in silence.
"use strict";

(() => {
  const RETRY_AFTER = 8000; // milliseconds
  const unsaved = new Map(); // form → "typed" | "sending" | "failed"
  let goOnTo = null; // the address to open once everything is saved

  const stateLine = (form) => form.querySelector(".save-state");
  const say = (form, text, failed) => {
    const line = stateLine(form);
    line.textContent = text;
    line.classList.remove("saved");
    line.classList.toggle("failed", Boolean(failed));
  };
  const tellPage = () => {
    const line = document.getElementById("page-state");
    if (!line) return;
    const failed = Array.from(unsaved.values()).includes("failed");
    line.classList.toggle("failed", failed);
    line.textContent = failed ? "有内容未能保存，请不要关闭本页" : unsaved.size ? "有内容正在保存…" : "全部内容已保存";
    if (!unsaved.size && goOnTo) window.location.href = goOnTo;
  };
  const failed = (form, text) => {
    unsaved.set(form, "failed");
    say(form, text, true);
    goOnTo = null;
    tellPage();
    setTimeout(() => { if (unsaved.get(form) === "failed") htmx.trigger(form, "retry"); }, RETRY_AFTER);
  };

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-autosave]");
    if (!form) return;
    unsaved.set(form, "typed");
    say(form, "有修改，稍后自动保存…");
    tellPage();
  });
  // After logging in again in another window the page's token is old; the cookie has the one in force.
  document.addEventListener("htmx:configRequest", (event) => {
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (cookie) event.detail.parameters.csrfmiddlewaretoken = cookie[1];
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target;
    if (!form.matches("form[data-autosave]")) return;
    unsaved.set(form, "sending");
    say(form, "正在保存…");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target;
    if (!form.matches("form[data-autosave]")) return;
    const status = event.detail.xhr.status;
    if (status === 401 || status === 403) {
      failed(form, "登录已过期，没有保存。请在新窗口登录后回到本页，内容会自动保存。");
    } else if (!event.detail.successful) {
      failed(form, status ? "服务器没有保存成功，稍后自动重试。" : "网络不通，没有保存，稍后自动重试。");
    } else if (unsaved.get(form) === "sending") {
      // Typing went on while the request was under way: then it is "typed" again and stays unsaved.
      unsaved.delete(form);
      tellPage();
    }
  });
  // A refusal in the answer (somebody else was quicker, the report is locked) counts as not saved.
  document.addEventListener("htmx:afterSwap", (event) => {
    const line = event.target.querySelector && event.target.querySelector(".save-state.failed");
    const form = event.target.closest && event.target.closest("form[data-autosave]");
    if (form && line) { unsaved.set(form, "refused"); goOnTo = null; }
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-after-saving]");
    if (!link || !unsaved.size) return;
    event.preventDefault();
    goOnTo = link.href;
    unsaved.forEach((state, form) => { if (state !== "sending") htmx.trigger(form, "retry"); });
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size && !goOnTo) { event.preventDefault(); event.returnValue = ""; }
  });
})();
