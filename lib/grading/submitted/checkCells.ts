/** The longest check, and some to spare. */
const MOST_CODE = 5000;

/**
 * The criterion whose check a cell is, whatever the cell is called: its code is that of the
 * workbook. What a student has changed of a check is the student's.
 *
 * @param checks the code of the workbook's checks, by their criteria
 */
export function checkOf(
  code: string,
  checks: Readonly<Record<string, string>>,
): string | undefined {
  if (code.length > MOST_CODE || !code.includes('award')) return undefined;
  const bare = withoutStyle(code);
  return Object.keys(checks).find((id) => withoutStyle(checks[id]!) === bare);
}

/** What a check declares before it judges: a cell of the student's may use it. */
export function declarationsOf(check: string): string {
  return check.slice(0, check.search(/^await award\(/m));
}

/** Without what a formatter changes. */
function withoutStyle(code: string): string {
  const dense = code.replace(/\/\/.*/g, '').replace(/\s+/g, '');
  return dense
    .replace(/;/g, '')
    .replace(/"/g, "'")
    .replace(/,(?=[)}\]])/g, '');
}
