// When the server is told where somebody is, and what is shown of the others when it does not answer.
import assert from "node:assert/strict";
import { test } from "node:test";

import { tellerOf } from "../../static/js/presence.js";

// A person at `place`; `answers` by turns, an Error being a network that is gone.
const stage = (answers) => {
  const scene = { place: "3", hidden: false, told: [], shown: [] };
  const ask = async (entry) => {
    scene.told.push(entry);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const show = (others) => scene.shown.push(others);
  return Object.assign(scene, tellerOf({ entryNow: () => scene.place, isHidden: () => scene.hidden, ask, show }));
};

test("the server is told at each turn, and of a move at once, but not of one within the same task", async () => {
  const scene = stage([{}, {}, {}]);
  await scene.tell();
  await scene.tellIfMoved();
  scene.place = "4";
  await scene.tellIfMoved();
  await scene.tell();
  assert.deepEqual(scene.told, ["3", "4", "4"]);
});

test("a page that nobody sees tells nothing, and tells it when it is seen", async () => {
  const scene = stage([{ 3: "王芳正在填写" }]);
  scene.hidden = true;
  await scene.tell();
  assert.deepEqual(scene.told, []);
  scene.hidden = false;
  await scene.tellIfMoved();
  assert.deepEqual(scene.shown, [{ 3: "王芳正在填写" }]);
});

test("a refusal leaves what is shown, a network that is gone takes it away, and the next turn brings it back", async () => {
  const others = { 3: "王芳正在填写" };
  const scene = stage([others, null, new TypeError("Failed to fetch"), others]);
  for (let turn = 0; turn < 4; turn += 1) await scene.tell();
  assert.deepEqual(scene.shown, [others, {}, others]);
});
