// Which words two texts do not share, down to the character and never through a number.
import assert from "node:assert/strict";
import { test } from "node:test";

import { compared } from "../../static/js/differences.js";

const marked = (one, other) => compared(one, other)
  .map((pieces) => pieces.map(({ text, isShared }) => (isShared ? text : `[${text}]`)).join(""));
const whole = (pieces) => pieces.map(({ text }) => text).join("");

test("equal texts have nothing marked, empty ones nothing at all", () => {
  assert.deepEqual(marked("专班已组建。", "专班已组建。"), ["专班已组建。", "专班已组建。"]);
  assert.deepEqual(compared("", ""), [[], []]);
});

test("what was put in is marked on its side alone", () => {
  assert.deepEqual(marked("专班已组建。", "专班已于5月组建。"), ["专班已组建。", "专班已[于5月]组建。"]);
  assert.deepEqual(marked("一", ""), ["[一]", ""]);
});

test("a number or a Latin word is one word", () => {
  assert.deepEqual(marked("完成47.5%", "完成48.5%"), ["完成[47.5%]", "完成[48.5%]"]);
  assert.deepEqual(marked("DRG付费", "DIP付费"), ["[DRG]付费", "[DIP]付费"]);
});

test("words that changed places are marked once each", () => {
  assert.deepEqual(marked("甲乙丙", "乙丙甲"), ["[甲]乙丙", "乙丙[甲]"]);
});

test("lines and characters beyond the basic plane stay whole", () => {
  assert.deepEqual(marked("一\n𠮷", "一\n𠮶"), ["一\n[𠮷]", "一\n[𠮶]"]);
});

test("no character is lost, whatever the two texts are", () => {
  const letters = "医保改革12 %a\n";
  let seed = 7;
  const next = (below) => { seed = (seed * 16807) % 2147483647; return seed % below; };
  const text = () => Array.from({ length: next(60) }, () => letters[next(letters.length)]).join("");
  for (let round = 0; round < 300; round += 1) {
    const [one, other] = [text(), text()];
    const [left, right] = compared(one, other);
    assert.deepEqual([whole(left), whole(right)], [one, other]);
    const shared = (pieces) => whole(pieces.filter((piece) => piece.isShared));
    assert.equal(shared(left), shared(right));
  }
});

test("two very long texts are compared without a table that fills the memory: their middle is marked as a whole", () => {
  const [one, other] = ["甲".repeat(3000), "乙".repeat(3000)];
  assert.deepEqual(marked(`头${one}尾`, `头${other}尾`), [`头[${one}]尾`, `头[${other}]尾`]);
});
