// What becomes of the words of a form that was sent, on each page that may come after.
import assert from "node:assert/strict";
import { test } from "node:test";

import { fateOf } from "../../static/js/store.js";

const words = (text) => [{ name: "text", label: "事由", values: [text], shown: text, isText: true }];
const SENT = { user: "5", page: "/reports/7/extension", action: "/reports/7/extension", content: words("疫苗未到货") };
const REFUSED = { ...SENT, refused: true };
const on = (kept, page) => fateOf(kept, { user: "5", here: "/", wasRefused: false, standing: undefined, ...page });

test("another page that is no refusal took it", () => {
  assert.equal(on(SENT, {}), "forget");
});

test("at the log-in page it waits; its author finds it where it belongs, nobody else does", () => {
  assert.equal(on(SENT, { user: "", here: SENT.page }), "wait");
  assert.equal(on(REFUSED, { user: "" }), "wait");
  assert.equal(on(REFUSED, {}), "wait");
  assert.equal(on(REFUSED, { here: SENT.page, standing: words("") }), "offer");
  assert.equal(on(REFUSED, { user: "6", here: SENT.page, standing: words("") }), "forget");
});

test("a refusal without the form offers it to be copied", () => {
  assert.equal(on(SENT, { wasRefused: true }), "offer");
});

test("whoever comes back to the empty form is offered it, refused or not", () => {
  assert.equal(on(SENT, { here: SENT.page, standing: words("") }), "offer");
});

test("a form that the server drew again with the same words needs nothing", () => {
  assert.equal(on(SENT, { here: SENT.page, wasRefused: true, standing: words("疫苗未到货") }), "forget");
  assert.equal(on(SENT, { here: SENT.page, wasRefused: true, standing: words("疫苗") }), "offer");
});
