// A button with data-copy="#field" copies what stands in that field; data-copied names where it is said.

// On a page without https the browser has no clipboard for scripts: what is selected can be copied all the same.
const copy = async (field) => {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(field.value);
  field.select();
  if (!document.execCommand("copy")) throw new Error("copy refused");
  return undefined;
};
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  const said = document.querySelector(button.dataset.copied);
  try {
    await copy(field);
    button.focus();
    said.textContent = "已复制。";
  } catch {
    field.focus();
    field.select();
    said.textContent = "浏览器不允许自动复制，链接已选中，请按 Ctrl+C 复制。";
  }
});
