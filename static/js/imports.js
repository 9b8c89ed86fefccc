// The import of a table: shows how far the file has come, says so when it does not arrive, goes on when it is read,
// and shows that a mend or the confirmation is being worked on, which takes a while with thousands of rows.

const show = (text, share) => {
  const frame = document.querySelector(".upload-progress");
  if (!frame) return;
  frame.hidden = false;
  const bar = document.getElementById("upload-bar");
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
  document.getElementById("upload-words").textContent = text;
};
const isUpload = (event) => event.target.id === "upload";

document.addEventListener("htmx:xhr:progress", (event) => {
  if (!isUpload(event) || !event.detail.lengthComputable) return;
  const share = Math.floor((event.detail.loaded / event.detail.total) * 100);
  if (share < 100) show(`已上传 ${share}%`, share);
  else show("文件已上传，正在读取…", null);
});
document.addEventListener("htmx:responseError", (event) => {
  if (!isUpload(event)) return;
  const status = event.detail.xhr.status;
  if (status === 401 || status === 403) show("登录已过期，文件没有上传。请刷新本页、重新登录后再上传。", 0);
  else if (status === 413) show("文件太大，服务器没有接收。请删去与分解表无关的内容后重新上传。", 0);
  else show("服务器没有处理成功，分解表没有改动。请稍后重新上传。", 0);
});
document.addEventListener("htmx:sendError", (event) => {
  if (isUpload(event)) show("网络不通，文件没有上传。请检查网络后重新上传。", 0);
});
// Once only: asking again for a page that is under way would begin it anew.
document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.elt && event.detail.elt.dataset ? event.detail.elt.dataset.goTo : "";
  if (target) window.location.href = target;
});

document.addEventListener("submit", (event) => {
  const words = event.target.dataset.working;
  if (!words || event.defaultPrevented || event.target.querySelector(".working")) return;
  const status = document.createElement("p");
  status.className = "working mb-0";
  status.setAttribute("role", "status");
  const frame = (event.submitter || event.target.querySelector("[type=submit]")).parentElement;
  if (frame === event.target) frame.append(status);
  else frame.after(status);
  const bar = document.createElement("progress");
  bar.className = "read-bar";
  bar.setAttribute("aria-label", words);
  status.append(bar, ` ${words}`);
});
window.addEventListener("pageshow", () => document.querySelectorAll(".working").forEach((status) => status.remove()));
