// What the pages' scripts decide about words that are not saved yet: the same, different, joined. Run by `node --test tests/js/`.
import assert from "node:assert/strict";
import { test } from "node:test";

import { differing, joined, same } from "../../static/js/contents.js";

const progress = (words) => ({ name: "progress", label: "工作进展", values: [words], shown: words, isText: true });
const status = (value, shown) => ({ name: "status", label: "状态", values: [value], shown, isText: false });
const MINE = [progress("专班已组建。"), status("on_track", "达到序时")];

test("equal words are the same, whatever stands around them", () => {
  assert.equal(same(MINE, [status("on_track", "Auf Kurs"), progress("专班已组建。")]), true);
  assert.equal(same(MINE, [progress("专班已组建"), status("on_track", "达到序时")]), false);
});

test("an empty box and a missing one say the same", () => {
  assert.equal(same([progress("")], []), true);
  assert.equal(same([progress("字")], []), false);
});

test("what differs is given with both sides, and nothing else", () => {
  const theirs = [progress("专班已组建，会商一次。"), status("on_track", "达到序时")];
  assert.deepEqual(differing(MINE, theirs), [[MINE[0], theirs[0]]]);
});

test("joining puts their text below mine; a choice stays mine", () => {
  const theirs = [progress("会商一次。"), status("done", "已完成")];
  const [text, choice] = joined(MINE, theirs);
  assert.deepEqual(text.values, ["专班已组建。\n会商一次。"]);
  assert.deepEqual(choice, MINE[1]);
});

test("joining does not double what both wrote, nor lose what only one wrote", () => {
  assert.deepEqual(joined(MINE, MINE), MINE);
  assert.deepEqual(joined([progress("")], [progress("会商一次。")])[0].values, ["会商一次。"]);
  assert.deepEqual(joined([progress("字")], [])[0].values, ["字"]);
});
