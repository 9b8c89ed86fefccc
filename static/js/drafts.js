// What was typed and not yet acknowledged by the server, kept in this browser: for its author alone (docs/adr/0012).
"use strict";

const drafts = (() => {
  const KEPT_DAYS = 90;
  const MARK = "draft";
  // One draft per person, box, version and opened page: two windows never write over each other's.
  const page = Date.now().toString(36) + Math.random().toString(36).slice(2);
  const user = document.body.dataset.user || "";

  // Storage can be forbidden or full. Then `use` fails, null is returned, and the page says so and goes on.
  const inStorage = (use) => {
    try { return use(window.localStorage); } catch (error) { return null; }
  };
  const read = (storage, key) => {
    try { return { key, ...JSON.parse(storage.getItem(key)) }; } catch (error) { return null; }
  };
  const boxOf = (form) => form.getAttribute("action");
  const versionOf = (form) => (form.elements.version ? form.elements.version.value : "");
  const keyOf = (form) => [MARK, user, boxOf(form), versionOf(form), page].join(" ");
  const all = () => inStorage((storage) => Object.keys(storage)
    .filter((key) => key.startsWith(`${MARK} ${user} `))
    .map((key) => read(storage, key))
    .filter((draft) => draft && Array.isArray(draft.content))
    .sort((one, other) => other.at - one.at)) || [];
  const forget = (key) => inStorage((storage) => storage.removeItem(key));
  const isHere = (draft) => draft.key.endsWith(` ${page}`);

  // Keeps what `form` holds now; returns whether that succeeded. Chromium 86 counts about five million characters.
  const keep = (form) => {
    const heading = form.closest(".task-card, #header");
    const title = (heading && heading.querySelector("h3") || { textContent: "表头" }).textContent;
    const draft = { box: boxOf(form), title, at: Date.now(), content: contents.of(form) };
    return inStorage((storage) => {
      all().filter((old) => isHere(old) && old.box === draft.box && old.key !== keyOf(form)).forEach((old) => forget(old.key));
      storage.setItem(keyOf(form), JSON.stringify(draft));
      return true;
    }) === true;
  };
  // The server has acknowledged exactly `content`; what was typed since is kept on, now on the new version.
  const acknowledge = (form, content) => {
    all().filter((draft) => isHere(draft) && draft.box === boxOf(form)).forEach((draft) => forget(draft.key));
    if (!contents.same(contents.of(form), content)) keep(form);
  };
  // Drafts that an earlier or another page left for this form, newest first.
  const leftFor = (form) => all().filter((draft) => draft.box === boxOf(form) && !isHere(draft));
  const leftBelow = (address) => all().filter((draft) => draft.box.startsWith(address) && !isHere(draft));

  const tooOld = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
  all().filter((draft) => draft.at < tooOld).forEach((draft) => forget(draft.key));

  // Whoever logs out on a shared computer leaves nothing behind, but loses nothing unasked.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-logs-out]")) return;
    const left = all();
    if (!left.length) return;
    const question = `本机还有 ${left.length} 处填报内容没有保存到服务器。退出后，这些内容将从本机清除，不能恢复。\n\n`
      + "点“取消”回去保存；点“确定”清除并退出。";
    if (window.confirm(question)) left.forEach((draft) => forget(draft.key));
    else event.preventDefault();
  }, true);

  const works = inStorage((storage) => {
    storage.setItem(MARK, page);
    storage.removeItem(MARK);
    return true;
  }) === true;
  return { keep, acknowledge, leftFor, leftBelow, forget, works };
})();
