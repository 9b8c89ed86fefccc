// What the pages' scripts decide about words that are not saved yet: the same, different, joined. Run by `node --test tests/js/`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";

const source = readFileSync(new URL("../../static/js/contents.js", import.meta.url), "utf8");
const contents = runInContext(`${source}; contents`, createContext({}));
// Objects of another realm have other prototypes.
const plain = (value) => JSON.parse(JSON.stringify(value));

const progress = (words) => ({ name: "progress", label: "工作进展", values: [words], shown: words, isText: true });
const status = (value, shown) => ({ name: "status", label: "状态", values: [value], shown, isText: false });
const MINE = [progress("专班已组建。"), status("on_track", "达到序时")];

test("equal words are the same, whatever stands around them", () => {
  assert.equal(contents.same(MINE, [status("on_track", "Auf Kurs"), progress("专班已组建。")]), true);
  assert.equal(contents.same(MINE, [progress("专班已组建"), status("on_track", "达到序时")]), false);
});

test("an empty box and a missing one say the same", () => {
  assert.equal(contents.same([progress("")], []), true);
  assert.equal(contents.same([progress("字")], []), false);
});

test("what differs is given with both sides, and nothing else", () => {
  const theirs = [progress("专班已组建，会商一次。"), status("on_track", "达到序时")];
  assert.deepEqual(plain(contents.differing(MINE, theirs)), plain([[MINE[0], theirs[0]]]));
});

test("joining puts their text below mine; a choice stays mine", () => {
  const theirs = [progress("会商一次。"), status("done", "已完成")];
  const [text, choice] = contents.joined(MINE, theirs);
  assert.deepEqual(plain(text.values), ["专班已组建。\n会商一次。"]);
  assert.deepEqual(plain(choice), MINE[1]);
});

test("joining does not double what both wrote, nor lose what only one wrote", () => {
  assert.deepEqual(plain(contents.joined(MINE, MINE)), MINE);
  assert.deepEqual(plain(contents.joined([progress("")], [progress("会商一次。")])[0].values), ["会商一次。"]);
  assert.deepEqual(plain(contents.joined([progress("字")], [])[0].values), ["字"]);
});
