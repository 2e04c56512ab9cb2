// In the browser: asks before what was typed into the form and not saved is left.
let isChanged = document.querySelector('.wrong') !== null;
addEventListener('input', () => {
  isChanged = true;
});
addEventListener('submit', () => {
  isChanged = false;
});
addEventListener('beforeunload', (event) => {
  if (isChanged) event.preventDefault();
});
