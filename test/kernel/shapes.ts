import assert from 'node:assert/strict';

/** Whether a value is of a type; a shape is one for each field that must be there. */
type Test = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Test>>;

export function fits(shape: Shape, content: Readonly<Record<string, unknown>>, what: string): void {
  for (const [name, test] of Object.entries(shape)) {
    const told = `${what}.${name}: ${JSON.stringify(content[name])}`;
    assert.ok(test(content[name]), told);
  }
}

export const text: Test = (value) => typeof value === 'string';
const truth: Test = (value) => typeof value === 'boolean';
const count: Test = (value) => Number.isInteger(value) && (value as number) >= 0;
const map: Test = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const oneOf =
  (...values: string[]): Test =>
  (value) =>
    values.includes(value as string);
export const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const mapOf =
  (test: Test): Test =>
  (value) =>
    map(value) && Object.values(value as object).every(test);
const record =
  (shape: Shape): Test =>
  (value) =>
    map(value) && Object.entries(shape).every(([name, test]) => test((value as never)[name]));
const tuple =
  (...tests: Test[]): Test =>
  (value) =>
    Array.isArray(value) &&
    value.length === tests.length &&
    tests.every((test, i) => test(value[i]));
const either =
  (...tests: Test[]): Test =>
  (value) =>
    tests.some((test) => test(value));

/** All that a bundle of ours holds besides JSON is text. */
const bundle: Test = (value) =>
  map(value) &&
  Object.entries(value as object).every(([mime, data]) => mime.endsWith('json') || text(data));
const reply = oneOf('ok', 'error', 'aborted');
const transient = record({ display_id: optional(text) });

/** A date is one of RFC 3339, in UTC. */
export const HEADER: Shape = {
  msg_id: text,
  username: text,
  session: text,
  version: text,
  date: (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/.test(String(value)),
};

const FAILURE: Shape = { ename: text, evalue: text, traceback: listOf(text) };

/** Of each message that the kernel sends, what the crate's structs of that name want. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  clear_output: { wait: truth },
  comm_close: { comm_id: text, data: map },
  comm_info_reply: { status: reply, comms: mapOf(record({ target_name: text })) },
  complete_reply: {
    status: reply,
    matches: listOf(text),
    cursor_start: count,
    cursor_end: count,
    metadata: map,
  },
  display_data: { data: bundle, metadata: map, transient: optional(transient) },
  error: FAILURE,
  execute_input: { code: text, execution_count: count },
  execute_reply: {
    status: reply,
    execution_count: count,
    payload: optional(listOf(map)),
    user_expressions: optional(
      mapOf(
        either(
          record({ status: oneOf('ok'), data: bundle, metadata: optional(map) }),
          record({ status: oneOf('error'), ...FAILURE }),
        ),
      ),
    ),
  },
  execute_result: { execution_count: count, data: bundle, metadata: map },
  history_reply: {
    status: reply,
    history: listOf(either(tuple(count, count, text), tuple(count, count, tuple(text, text)))),
  },
  input_request: { prompt: text, password: truth },
  inspect_reply: { status: reply, found: truth, data: bundle, metadata: map },
  interrupt_reply: { status: reply },
  iopub_welcome: { subscription: text },
  is_complete_reply: {
    status: oneOf('complete', 'incomplete', 'invalid', 'unknown'),
    indent: optional(text),
  },
  kernel_info_reply: {
    status: reply,
    protocol_version: text,
    implementation: text,
    implementation_version: text,
    banner: text,
    help_links: listOf(record({ text, url: text })),
    supported_features: listOf(text),
    language_info: record({
      name: text,
      version: text,
      mimetype: text,
      file_extension: text,
      pygments_lexer: text,
      nbconvert_exporter: text,
      codemirror_mode: either(text, record({ name: text, version: count })),
    }),
  },
  status: { execution_state: oneOf('starting', 'busy', 'idle') },
  stream: { name: oneOf('stdout', 'stderr'), text },
  update_display_data: { data: bundle, metadata: map, transient },
};
