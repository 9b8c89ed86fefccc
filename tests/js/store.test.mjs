// Whose words a browser keeps, for how long, and what log-out leaves behind: on Node's own Storage, which fills up as a browser's does.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { openStore } from "../../static/js/store.js";

const DAY = 24 * 3600 * 1000;
const BOX = "/reports/7/entries/3";
const words = (text) => [{ name: "progress", label: "工作进展", values: [text], shown: text, isText: true }];
const open = ({ user = "5", page = "p1", now = () => 1000 * DAY, ...others } = {}) =>
  openStore({ user, page, now, local: () => localStorage, session: () => sessionStorage, ...others });
const keep = (store, text, { box = BOX, version = "1" } = {}) =>
  store.drafts.keep({ box, version, title: "1. 三医协同", content: words(text) });
const said = (drafts) => drafts.map((draft) => draft.content[0].shown);

beforeEach(() => { localStorage.clear(); sessionStorage.clear(); });

test("a draft is offered to its author on another page, newest first, and not on its own", () => {
  const [first, second, third] = ["p1", "p2", "p3"].map((page, i) => open({ page, now: () => 1000 * DAY + i }));
  assert.equal(keep(first, "专班已组建"), true);
  assert.equal(keep(second, "会商一次"), true);
  assert.deepEqual(said(third.drafts.leftFor(BOX)), ["会商一次", "专班已组建"]);
  assert.deepEqual(said(first.drafts.leftFor(BOX)), ["会商一次"]);
  assert.equal(third.drafts.leftFor(BOX)[0].title, "1. 三医协同");
});

test("a draft is nobody else's, be his number only longer", () => {
  keep(open({ user: "5" }), "专班已组建");
  for (const user of ["6", "55", ""]) assert.deepEqual(open({ user, page: "p2" }).drafts.leftFor(BOX), []);
});

test("a page holds one draft of a box; one on a new version takes the place of that on the old", () => {
  const store = open();
  keep(store, "一", { version: "1" });
  keep(store, "一、二", { version: "2" });
  keep(store, "别处", { box: "/reports/7/entries/4" });
  const other = open({ page: "p2" });
  assert.deepEqual(said(other.drafts.leftFor(BOX)), ["一、二"]);
  assert.deepEqual(said(other.drafts.leftBelow("/reports/7/")).sort(), ["一、二", "别处"]);
  assert.deepEqual(other.drafts.leftBelow("/reports/70/"), []);
});

test("what the server has acknowledged goes, of this page and this box alone", () => {
  const [mine, others] = [open(), open({ page: "p2" })];
  keep(mine, "我的");
  keep(mine, "另一项", { box: "/reports/7/header" });
  keep(others, "另一窗口");
  mine.drafts.forgetHere(BOX);
  assert.deepEqual(said(open({ page: "p3" }).drafts.leftBelow("/reports/7/")).sort(), ["另一窗口", "另一项"]);
});

test("what nobody came back for goes after ninety days, drafts and reasons alike", () => {
  const then = open();
  keep(then, "旧的");
  then.reasons.keep("9-1", [["reason-3", "缺数据"]]);
  open({ page: "p2", now: () => 1090 * DAY });
  assert.equal(localStorage.length, 2);
  open({ page: "p2", now: () => 1090 * DAY + 1 });
  assert.equal(localStorage.length, 0);
});

test("reasons are found again until they are sent and taken", () => {
  const reasons = [["reason-3", "缺数据"], ["overall", "请核实"]];
  open().reasons.keep("9-1", reasons);
  assert.deepEqual(open({ page: "p2" }).reasons.of("9-1"), reasons);
  open().reasons.wereSent("9-1");
  open().reasons.settle("9-1"); // the same form again: it was refused
  assert.deepEqual(open().reasons.of("9-1"), reasons);
  open().reasons.settle(""); // and a later page without it says nothing about what was sent before
  assert.deepEqual(open().reasons.of("9-1"), reasons);
  open().reasons.wereSent("9-1");
  open().reasons.settle("9-2");
  assert.deepEqual(open().reasons.of("9-1"), []);
});

test("a colleague at the same computer does not see reasons, nor does sending his take mine away", () => {
  open({ user: "5" }).reasons.keep("9-1", [["reason-3", "缺数据"]]);
  assert.deepEqual(open({ user: "6" }).reasons.of("9-1"), []);
  open({ user: "6" }).reasons.wereSent("9-1");
  open({ user: "6" }).reasons.settle("");
  assert.deepEqual(open({ user: "5" }).reasons.of("9-1"), [["reason-3", "缺数据"]]);
});

test("taking back the last word of the reasons keeps none", () => {
  const store = open();
  store.reasons.keep("9-1", [["overall", "请核实"]]);
  store.reasons.keep("9-1", []);
  assert.equal(localStorage.length, 0);
  assert.equal(store.countUnsaved(), 0);
});

test("log-out counts what is unsaved and clears one's own, never a colleague's nor what is switched off", () => {
  const [mine, colleague] = [open(), open({ user: "6" })];
  keep(mine, "一");
  keep(open({ page: "p2" }), "二");
  mine.reasons.keep("9-1", [["overall", "请核实"]]);
  mine.refused.keep({ page: "/a", action: "/b", content: words("三"), refused: true });
  keep(colleague, "同事的");
  mine.switches.turn("review-keys", false);
  assert.equal(mine.countUnsaved(), 4);
  assert.equal(colleague.countUnsaved(), 1);
  mine.clear();
  assert.equal(mine.countUnsaved(), 0);
  assert.equal(mine.refused.get(), null);
  assert.deepEqual(said(open({ user: "6", page: "p2" }).drafts.leftFor(BOX)), ["同事的"]);
  assert.equal(mine.switches.isOn("review-keys"), false);
});

test("a form that was sent counts as unsaved only once it was refused, and keeps its owner at the log-in page", () => {
  const store = open();
  store.refused.keep({ page: "/a", action: "/b", content: words("一") });
  assert.equal(store.countUnsaved(), 0);
  const nobody = open({ user: "" });
  nobody.refused.keep({ ...nobody.refused.get(), refused: true });
  assert.equal(store.refused.get().user, "5");
  assert.equal(store.countUnsaved(), 1);
  assert.equal(nobody.countUnsaved(), 0);
});

test("a switch is on until somebody turns it off, and on again", () => {
  const { switches } = open();
  assert.equal(switches.isOn("review-keys"), true);
  switches.turn("review-keys", false);
  assert.equal(open().switches.isOn("review-keys"), false);
  switches.turn("review-keys", true);
  assert.equal(open().switches.isOn("review-keys"), true);
});

test("a full storage says that nothing was kept, and what was kept before stays", () => {
  const store = open();
  keep(store, "短");
  try { for (let i = 0; ; i += 1) localStorage.setItem(`filling ${i}`, "满".repeat(1e5)); } catch (error) { /* full */ }
  assert.equal(keep(store, "长".repeat(1e5)), false);
  assert.deepEqual(said(open({ page: "p2" }).drafts.leftFor(BOX)), ["短"]);
});

test("where storage is forbidden nothing is kept and nothing breaks", () => {
  const forbidden = () => { throw new DOMException("no"); };
  const store = open({ local: forbidden, session: forbidden });
  assert.equal(store.works, false);
  assert.equal(keep(store, "一"), false);
  assert.deepEqual(store.drafts.leftFor(BOX), []);
  assert.deepEqual(store.reasons.of("9-1"), []);
  assert.equal(store.refused.get(), null);
  store.reasons.settle("");
  store.clear();
  assert.equal(store.countUnsaved(), 0);
  assert.equal(open().works, true);
  assert.equal(localStorage.length, 0);
});

test("what others have written under such a key is passed over", () => {
  localStorage.setItem(`draft 5 ${BOX} 1 p0`, "{kaputt");
  localStorage.setItem(`draft 5 ${BOX} 2 p0`, '{"at": 1}');
  localStorage.setItem("reasons 5 9-1", "null");
  const store = open();
  assert.deepEqual(store.drafts.leftFor(BOX), []);
  assert.deepEqual(store.reasons.of("9-1"), []);
  assert.equal(store.countUnsaved(), 0);
});
