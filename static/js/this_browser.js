// The browser that the page is open in: its store, for the person whom the page was drawn for, and the token in force.
import { openStore } from "./store.js";

export const user = document.body.dataset.user || "";

export const store = openStore({
  user,
  page: Date.now().toString(36) + Math.random().toString(36).slice(2),
  local: () => window.localStorage,
  session: () => window.sessionStorage,
});

// After logging in again in another window the page's token is old; the cookie has the one in force.
export const csrfToken = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";
