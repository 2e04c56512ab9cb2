// In the browser: saves what is typed while it is typed, and again until the server has it.
const form = document.getElementById('mark');
const state = document.getElementById('state');
const { points, comment } = form.elements;
let was = { points: form.dataset.points, comment: form.dataset.comment };
let timer;
let saving = Promise.resolve();
const typed = () => ({ points: points.value.trim(), comment: comment.value });
const isSaved = () => typed().points === was.points && typed().comment === was.comment;

async function send() {
  clearTimeout(timer);
  timer = undefined;
  if (isSaved()) return true;
  const now = typed();
  try {
    const body = JSON.stringify({ ...now, was, whose: form.dataset.whose });
    const response = await fetch(`${form.dataset.at}.json`, { method: 'POST', body });
    const told = await response.json();
    if (response.ok) was = now;
    // Saved once more, what was typed here takes the place of the other.
    else if (told.kept) was = told.kept;
    state.textContent = response.ok ? 'Saved.' : `Not saved: ${told.why}`;
    return response.ok;
  } catch {
    state.textContent = 'Not saved: the server does not answer; start it again, this page goes on.';
    timer = setTimeout(save, 1000);
    return false;
  }
}

function save() {
  saving = saving.then(send);
  return saving;
}

// Not put off by the next letter: whoever types on and on has the last but a third of a second saved.
function later() {
  state.textContent = 'Saving …';
  timer ??= setTimeout(save, 300);
}

async function go(id) {
  if (await save()) location.href = document.getElementById(id).href;
}

form.addEventListener('input', later);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  go('next');
});
document.addEventListener('click', ({ target }) => {
  const { dataset } = target.closest('button') ?? {};
  if (dataset?.points !== undefined) points.value = dataset.points;
  else if (dataset?.snippet !== undefined) {
    comment.value = [comment.value, dataset.snippet].filter((text) => text !== '').join('\n');
  } else return;
  save();
});
document.addEventListener('keydown', (event) => {
  if (event.target === comment) {
    if (event.key === 'Escape') comment.blur();
    if (event.key === 'Enter' && event.ctrlKey) go('next');
    return;
  }
  if (event.target === points || event.ctrlKey || event.metaKey || event.altKey) return;
  // Where the layout has other letters the place of the key counts.
  const key = /^[a-z0-4]$/.test(event.key)
    ? event.key
    : event.code.replace('Key', '').toLowerCase();
  const button = [...document.querySelectorAll('button')].find(
    (one) => one.querySelector('kbd')?.textContent === key,
  );
  const link = { n: 'next', enter: 'next', p: 'previous' }[key];
  if (button) button.click();
  else if (key === 'c') comment.focus();
  else if (link) go(link);
  else return;
  event.preventDefault();
});
// Whoever clicks into an answer to scroll it still gives marks by keys.
addEventListener('blur', () => {
  if (document.activeElement?.tagName === 'IFRAME') setTimeout(() => window.focus());
});
addEventListener('beforeunload', (event) => {
  if (!isSaved()) event.preventDefault();
});
