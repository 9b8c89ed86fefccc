// What this browser keeps of a person's words until the server has them (docs/adr/0012): what there is, under which key,
// whose it is, how long it stays, what log-out clears away. Knows no page; this_browser.js gives it the browser's storage.
import { same } from "./contents.js";

const KEPT_DAYS = 90;
const DRAFT = "draft"; // what was typed into a form that saves by itself: per box, version and opened page
const REASONS = "reasons"; // reasons for a return, typed and not sent yet: per submission
const REFUSED = "kept-words"; // the one form of this window that was sent and perhaps not taken
const SENT = "reasons-sent"; // which reasons were sent last; the next page shows whether they were taken
const SWITCH = "off"; // a switch that a person has turned off

// `user` is the person whom the page was drawn for, `page` is this opened page's own mark; `local` and `session` give the
// two storages. A storage can be forbidden or full: then nothing is kept, what was asked for is null or empty, and the page goes on.
export const openStore = ({ user, page, local, session, now = Date.now }) => {
  const using = (storage, use) => {
    try { return use(storage()); } catch (error) { return null; }
  };
  const read = (storage, key) => using(storage, (found) => JSON.parse(found.getItem(key)));
  const write = (storage, key, value) => using(storage, (found) => {
    found.setItem(key, JSON.stringify(value));
    return true;
  }) === true;
  const remove = (storage, key) => using(storage, (found) => found.removeItem(key));

  // Of this person alone, newest first.
  const allOf = (kind) => (using(local, Object.keys) || [])
    .filter((key) => key.startsWith(`${kind} ${user} `))
    .map((key) => ({ ...read(local, key), key }))
    .filter((kept) => Array.isArray(kept.content))
    .sort((one, other) => other.at - one.at);
  const forget = (kept) => remove(local, kept.key);

  // --- drafts: two windows never write over each other's --------------------------------------------------
  const isHere = (draft) => draft.key.endsWith(` ${page}`);
  const draftsHere = (box) => allOf(DRAFT).filter((draft) => isHere(draft) && draft.box === box);
  const draftsOfOtherPages = () => allOf(DRAFT).filter((draft) => !isHere(draft));
  const drafts = {
    // Returns whether it could be kept. Chromium 86 has room for about five million characters.
    keep: ({ box, version, title, content }) => {
      const key = [DRAFT, user, box, version, page].join(" ");
      draftsHere(box).filter((old) => old.key !== key).forEach(forget);
      return write(local, key, { box, title, content, at: now() });
    },
    forget,
    forgetHere: (box) => draftsHere(box).forEach(forget),
    leftFor: (box) => draftsOfOtherPages().filter((draft) => draft.box === box),
    leftBelow: (address) => draftsOfOtherPages().filter((draft) => draft.box.startsWith(address)),
  };

  // --- reasons for a return: whoever closes the browser finds them again ---------------------------------
  const reasonsKey = (submission) => [REASONS, user, submission].join(" ");
  const reasons = {
    // `content` is [[name of the box, what stands in it], …]; nothing typed is nothing kept.
    keep: (submission, content) => {
      if (!content.length) return remove(local, reasonsKey(submission));
      return write(local, reasonsKey(submission), { content, at: now() });
    },
    of: (submission) => {
      const { content } = read(local, reasonsKey(submission)) || {};
      return Array.isArray(content) ? content : [];
    },
    // What was sent is forgotten on the next page, unless that is the same form with a refusal.
    wereSent: (submission) => write(session, SENT, submission),
    settle: (submissionOnPage) => {
      const sent = read(session, SENT);
      if (sent && sent !== submissionOnPage) remove(local, reasonsKey(sent));
      remove(session, SENT);
    },
  };

  // --- the form sent last in this window: {page, action, content, refused} --------------------------------
  const refused = {
    keep: (words) => write(session, REFUSED, { user, ...words }),
    // With its owner: at the log-in page nobody is logged in, and it waits for its author.
    get: () => read(session, REFUSED),
    forget: () => remove(session, REFUSED),
  };

  // --- leaving the computer to somebody else ---------------------------------------------------------------
  const countUnsaved = () => {
    const words = refused.get();
    return allOf(DRAFT).length + allOf(REASONS).length + (words && words.refused && words.user === user ? 1 : 0);
  };
  const clear = () => {
    [...allOf(DRAFT), ...allOf(REASONS)].forEach(forget);
    refused.forget();
    remove(session, SENT);
  };

  // --- what a person has switched off on this computer -----------------------------------------------------
  const switches = {
    isOn: (name) => read(local, `${SWITCH} ${name}`) === null,
    turn: (name, on) => (on ? remove(local, `${SWITCH} ${name}`) : write(local, `${SWITCH} ${name}`, true)),
  };

  [...allOf(DRAFT), ...allOf(REASONS)].filter((kept) => kept.at < now() - KEPT_DAYS * 24 * 3600 * 1000).forEach(forget);
  const works = write(local, DRAFT, page) && remove(local, DRAFT) !== null;
  return { drafts, reasons, refused, switches, countUnsaved, clear, works };
};

// What becomes of the words of a form that was sent, on the page that came after: forgotten, kept on, or offered again.
// `standing` is what the same form on this page holds, if it is here. Returns "forget", "wait" or "offer".
export const fateOf = (kept, { user, here, wasRefused, standing }) => {
  // A page that is no refusal took what was sent; whoever is back at the form itself saw no such page.
  if (!kept.refused && !wasRefused && kept.page !== here) return "forget";
  if (!user) return "wait"; // nobody is logged in: it waits for its author
  if (kept.user !== user) return "forget";
  if (!standing) return wasRefused ? "offer" : "wait"; // it is offered where it belongs
  // The server has drawn the form again with all that was typed.
  return same(kept.content, standing) ? "forget" : "offer";
};
