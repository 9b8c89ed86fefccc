// Marks the words in which two texts differ.
const LARGEST = 4e6; // cells of the table below; beyond it the changed middle is marked as a whole
// A number or a Latin word is one word, a Chinese character stands for itself.
const wordsOf = (text) => text.match(/[A-Za-z0-9.,%]+|[^]/gu) || [];

// Returns for each word of `one` and `other` whether both have it, in the same order (longest common sequence).
const shared = (one, other) => {
  const width = other.length + 1;
  const lengths = new Uint16Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = one[i] === other[j]
        ? lengths[(i + 1) * width + j + 1] + 1
        : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const inOne = new Array(one.length).fill(false);
  const inOther = new Array(other.length).fill(false);
  for (let i = 0, j = 0; i < one.length && j < other.length;) {
    if (one[i] === other[j]) { inOne[i] = true; inOther[j] = true; i += 1; j += 1; }
    else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i += 1;
    else j += 1;
  }
  return [inOne, inOther];
};
const piecesOf = (words, isShared) => {
  const pieces = [];
  for (let start = 0; start < words.length;) {
    let end = start;
    while (end < words.length && isShared[end] === isShared[start]) end += 1;
    pieces.push({ text: words.slice(start, end).join(""), isShared: isShared[start] });
    start = end;
  }
  return pieces;
};

// Returns for each of two texts its pieces in order, [{text, isShared}].
export const compared = (mine, theirs) => {
  const [one, other] = [wordsOf(mine), wordsOf(theirs)];
  const shorter = Math.min(one.length, other.length);
  let head = 0;
  while (head < shorter && one[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
  const middles = [one, other].map((words) => words.slice(head, words.length - tail));
  const [inOne, inOther] = middles[0].length * middles[1].length > LARGEST
    ? middles.map((words) => words.map(() => false))
    : shared(...middles);
  const around = (flags) => [...new Array(head).fill(true), ...flags, ...new Array(tail).fill(true)];
  return [piecesOf(one, around(inOne)), piecesOf(other, around(inOther))];
};

const drawn = (pieces) => {
  const drawing = document.createDocumentFragment();
  drawing.append(...pieces.map(({ text, isShared }) =>
    (isShared ? text : Object.assign(document.createElement("mark"), { textContent: text }))));
  return drawing;
};
// Returns two pieces of page with <mark> around what the other text does not have.
export const mark = (mine, theirs) => compared(mine, theirs).map(drawn);
