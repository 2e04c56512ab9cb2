import { InputError } from '../errors';
import { isVegaLite, type PlotSpec } from './spec';

/**
 * Refuses a specification that would show nothing, or not what was meant, by the name of its fault:
 * a mark or a type of encoding that there is not, a field that no row of the data has, anything
 * that is not JSON.
 *
 * @throws InputError
 */
export function refuseFaults(spec: PlotSpec): void {
  const wrong = findNoJson(spec, []);
  if (wrong) throw new InputError(`plot: ${wrong.path.join('.')} is ${wrong.what}, not JSON`);
  if (isVegaLite(spec)) checkView(spec, false, undefined, []);
  else checkMarks(spec, new Map());
}

type Group = Readonly<Record<string, unknown>>;
type Row = Readonly<Record<string, unknown>>;

const MARKS = 'arc area image line rect rule text trail';
const VEGA_MARKS = new Set(`${MARKS} group path shape symbol`.split(' '));
const VEGA_LITE_MARKS = new Set(
  `${MARKS} bar boxplot circle errorband errorbar geoshape point square tick`.split(' '),
);
const TYPES = new Set(['quantitative', 'ordinal', 'temporal', 'nominal', 'geojson']);

/** Where a view has views within it. */
const PARTS = ['layer', 'hconcat', 'vconcat', 'concat', 'spec'];

/** The names that transforms make where they are not told any. */
const MADE: Readonly<Record<string, readonly string[]>> = {
  fold: ['key', 'value'],
  density: ['value', 'density'],
  quantile: ['prob', 'value'],
};

/** What in a value is not JSON, and the names that lead there. */
function findNoJson(
  value: unknown,
  above: readonly unknown[],
): { readonly path: readonly string[]; readonly what: string } | undefined {
  const what = noJson(value, above);
  if (what) return { path: [], what };
  if (typeof value !== 'object' || value === null || value instanceof Date) return undefined;
  const around = [...above, value];
  for (const [key, part] of Object.entries(value)) {
    const found = findNoJson(part, around);
    if (found) return { ...found, path: [key, ...found.path] };
  }
  return undefined;
}

function noJson(value: unknown, above: readonly unknown[]): string | undefined {
  if (typeof value === 'function' || typeof value === 'bigint' || typeof value === 'symbol') {
    return `a ${typeof value}`;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (above.includes(value)) return 'a part of itself';
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  const isPlain = Array.isArray(value) || prototype === null || prototype === Object.prototype;
  // An object of another realm, and a date, which JSON writes as a text.
  if (isPlain || value instanceof Date || prototype?.constructor?.name === 'Object')
    return undefined;
  if (isRecord(value)) return undefined;
  return `of the class ${prototype?.constructor?.name}`;
}

/** Whether JSON has all of an object, whatever its class: a row that somebody made by `new`. */
function isRecord(value: object): boolean {
  const parts = ArrayBuffer.isView(value) ? [] : Object.values(value);
  const isSimple = (part: unknown) => part === null || !/object|function/.test(typeof part);
  return parts.length > 0 && parts.every(isSimple) && !('toJSON' in value);
}

/** A view of Vega-Lite, with the rows and the names that it has from the views around it. */
function checkView(
  view: Group,
  dataAbove: boolean,
  above: readonly Row[] | undefined,
  made: readonly string[],
): void {
  const hasData = dataAbove || 'data' in view;
  const rows = 'data' in view ? rowsOf(view.data) : above;
  const transforms = listOf(view.transform);
  const hidden = transforms.some((one) => 'pivot' in one || 'lookup' in one || 'params' in one);
  const names = [...made, ...transforms.flatMap(namesOf)];
  const known = hidden ? undefined : rows;
  const parts = partsOf(view);
  // What layers share may be of fields that they have from rows, or a transform, of their own.
  const seen = parts.some(bringsNames) ? undefined : known;
  if ('mark' in view) checkMark(view.mark, VEGA_LITE_MARKS);
  else if (parts.length === 0) {
    throw new InputError(`plot: the specification has no mark; one of ${list(VEGA_LITE_MARKS)}`);
  }
  if ('mark' in view && !hasData) throw new InputError('plot: the specification has no data');
  for (const [channel, definitions] of Object.entries(groupOf(view.encoding))) {
    for (const one of listOf(definitions)) {
      checkType(channel, one, transforms.length + made.length > 0 ? undefined : seen);
      for (const { field, aggregate } of [one, groupOf(one.condition), groupOf(one.sort)]) {
        // A count is of rows: Vega-Lite asks for no field, and older ones for `*`.
        if (aggregate !== 'count') checkField(`encoding.${channel}`, field, seen, names);
      }
    }
  }
  const { field } = groupOf(view.facet);
  checkField('facet', field, known, names);
  for (const part of parts) checkView(part, hasData, known, names);
}

const partsOf = (view: Group) => PARTS.flatMap((name) => listOf(view[name]));

function bringsNames(view: Group): boolean {
  return 'data' in view || 'transform' in view || partsOf(view).some(bringsNames);
}

/** The marks of a Vega specification, with the rows of the data by name. */
function checkMarks(group: Group, above: ReadonlyMap<unknown, readonly Row[] | undefined>): void {
  const data = new Map(above);
  for (const one of listOf(group.data)) {
    const changes = 'transform' in one || 'source' in one || 'on' in one;
    data.set(one.name, changes ? undefined : rowsOf(one));
  }
  for (const mark of listOf(group.marks)) {
    checkMark(mark.type, VEGA_MARKS);
    const rows = data.get(groupOf(mark.from).data);
    // A transform of a mark, as one of data, makes names of its own.
    if (mark.type !== 'group' && !('transform' in mark)) {
      for (const set of Object.values(groupOf(mark.encode))) {
        for (const [channel, rules] of Object.entries(groupOf(set))) {
          for (const { field } of listOf(rules)) checkField(channel, field, rows, []);
        }
      }
    }
    checkMarks(mark, data);
  }
}

function checkMark(mark: unknown, known: ReadonlySet<string>): void {
  const type = typeof mark === 'string' ? mark : groupOf(mark).type;
  if (typeof type === 'string' && known.has(type)) return;
  throw new InputError(`plot: no mark is called ${JSON.stringify(type)}; one of ${list(known)}`);
}

/** @param rows undefined where they are not in the specification itself, or are transformed */
function checkType(channel: string, definition: Group, rows: readonly Row[] | undefined): void {
  const { type, field, aggregate, timeUnit } = definition;
  if (type === undefined) return;
  if (!TYPES.has(type as string)) {
    throw new InputError(
      `plot: encoding.${channel} has the type ${JSON.stringify(type)}; one of ${list(TYPES)}`,
    );
  }
  if (type !== 'quantitative' || typeof field !== 'string') return;
  if (aggregate !== undefined || timeUnit !== undefined) return;
  const values = (rows ?? []).flatMap((row) => (field in row ? [row[field]] : []));
  const [text] = values.filter((value) => typeof value === 'string');
  // A text that is a number counts as one.
  if (text === undefined || values.some((value) => Number.isFinite(Number(value)))) return;
  throw new InputError(
    `plot: encoding.${channel} is quantitative, but ${field} holds texts like ${JSON.stringify(text)}: nominal, ordinal or temporal?`,
  );
}

/** @param rows undefined where they are not in the specification itself */
function checkField(
  where: string,
  field: unknown,
  rows: readonly Row[] | undefined,
  made: readonly string[],
): void {
  if (typeof field !== 'string' || !rows?.length) return;
  // `a.b` and `a[0]` are parts of `a`; in `a\\.b` and `['a.b']` the point is one of the name.
  const whole = field.replaceAll('\\', '');
  const quoted = /^\[(["']?)(.*?)\1\]/.exec(field)?.[2];
  const first = quoted ?? /^(?:\\.|[^.[\\])*/.exec(field)![0].replaceAll('\\', '');
  const isThere = (name: string) =>
    made.includes(name) || rows.some((row) => Object.hasOwn(row, name));
  if (isThere(whole) || isThere(first)) return;
  const names = new Set([...rows.flatMap((row) => Object.keys(row)), ...made]);
  throw new InputError(
    `plot: ${where} is of the field ${JSON.stringify(field)}, which no row has; the rows have ${list(names)}`,
  );
}

/** The rows that stand in a specification as they are; nothing for those of a file or a generator. */
function rowsOf(data: unknown): readonly Row[] | undefined {
  const { values, format } = groupOf(data);
  if (!Array.isArray(values) || format !== undefined) return undefined;
  const isRow = (row: unknown) => typeof row === 'object' && row !== null;
  return values.every(isRow) ? (values as readonly Row[]) : undefined;
}

/** The names that a transform makes. */
function namesOf(transform: Group): string[] {
  const told = [transform, ...Object.values(transform).flatMap(listOf)].flatMap(
    ({ as }) => as ?? [],
  );
  const names = told.filter((name) => typeof name === 'string');
  const isRange = 'bin' in transform || 'timeUnit' in transform || 'stack' in transform;
  const ends = isRange ? names.map((name) => `${name}_end`) : [];
  const usual = Object.keys(transform).flatMap((kind) => MADE[kind] ?? []);
  return [...names, ...ends, ...usual];
}

function groupOf(value: unknown): Group {
  return typeof value === 'object' && value !== null ? (value as Group) : {};
}

/** The groups of a list, or the one that stands for a list. */
function listOf(value: unknown): Group[] {
  return [value].flat().filter((one): one is Group => typeof one === 'object' && one !== null);
}

function list(names: ReadonlySet<string>): string {
  return [...names].sort().join(', ');
}
