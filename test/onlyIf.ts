/**
 * `it` where a test applies. Elsewhere it is not there, as a test that is pending fails the whole, and a line
 * says what is not tried, and why.
 */
export function onlyIf(applies: boolean, why: string) {
  return (title: string, test: () => void | Promise<void>) => {
    if (applies) it(title, test);
    else console.error(`not tried, ${why}: ${title}`);
  };
}
