import assert from 'node:assert/strict';
import { type PlotSpec, renderSvg } from '../../lib/plots';
import { VEGA, VEGA_LITE } from '../../lib/plots/spec';
import { quietly } from './quietly';

const rows = [
  { a: 'x', b: 1, 'c.d': 2, e: { f: [3] } },
  { a: 'y', b: 2, 'c.d': 3, e: { f: [4] } },
];
const x = { field: 'a', type: 'nominal' };
const y = { field: 'b', type: 'quantitative' };
const lite = (view: object): PlotSpec => ({ $schema: VEGA_LITE, data: { values: rows }, ...view });
const vega = (group: object): PlotSpec => ({ $schema: VEGA, width: 20, height: 20, ...group });
const of = (field: string) => ({ field, type: 'quantitative' });

class Row {
  constructor(readonly a: number) {}
}

describe('a plot with a fault', () => {
  const faults: readonly (readonly [about: string, spec: PlotSpec, told: RegExp])[] = [
    [
      'an unknown mark',
      lite({ mark: 'baar', encoding: { x } }),
      /no mark is called "baar"; one of arc, area, bar,/,
    ],
    [
      'an unknown mark of a layer',
      lite({ layer: [{ mark: { type: 'dot' }, encoding: { x } }] }),
      /no mark is called "dot"/,
    ],
    ['no mark', lite({ encoding: { x } }), /the specification has no mark/],
    [
      'no data',
      { $schema: VEGA_LITE, mark: 'bar', encoding: { x } },
      /the specification has no data/,
    ],
    [
      'an unknown field',
      lite({ mark: 'bar', encoding: { x, y: of('nope') } }),
      /encoding\.y is of the field "nope", which no row has; the rows have a, b, c\.d, e/,
    ],
    [
      'an unknown field that every object has',
      lite({ mark: 'bar', encoding: { x, y: of('toString') } }),
      /encoding\.y is of the field "toString"/,
    ],
    [
      'an unknown field of a tooltip',
      lite({ mark: 'bar', encoding: { x, tooltip: [x, of('nope')] } }),
      /encoding\.tooltip is of the field "nope"/,
    ],
    [
      'an unknown field of a condition',
      lite({
        mark: 'bar',
        encoding: { x, color: { condition: { test: 'true', field: 'nope' }, value: 'red' } },
      }),
      /encoding\.color is of the field "nope"/,
    ],
    [
      'an unknown field behind a transform',
      lite({
        transform: [{ calculate: 'datum.b * 2', as: 'twice' }],
        mark: 'bar',
        encoding: { y: of('thrice') },
      }),
      /"thrice", which no row has; the rows have a, b, c\.d, e, twice/,
    ],
    [
      'an unknown field of a facet',
      lite({ facet: { field: 'nope' }, spec: { mark: 'bar', encoding: { x } } }),
      /facet is of the field "nope"/,
    ],
    [
      'an unknown type',
      lite({ mark: 'bar', encoding: { x: { field: 'a', type: 'nominl' } } }),
      /encoding\.x has the type "nominl"; one of geojson, nominal, ordinal, quantitative, temporal/,
    ],
    [
      'texts as quantities',
      lite({ mark: 'point', encoding: { x: of('a') } }),
      /encoding\.x is quantitative, but a holds texts like "x": nominal, ordinal or temporal\?/,
    ],
    [
      'an unknown channel',
      lite({ mark: 'bar', encoding: { xx: x } }),
      /xx-encoding is dropped as xx is not a valid encoding channel/,
    ],
    [
      'an unknown aggregate',
      lite({ mark: 'bar', encoding: { x, y: { ...y, aggregate: 'meen' } } }),
      /Invalid aggregation operator "meen"/,
    ],
    [
      'a file that is not there',
      { ...lite({ mark: 'bar', encoding: { x } }), data: { url: 'nope.json' } },
      /Loading failed nope\.json/,
    ],
    [
      'a function',
      lite({ mark: 'bar', encoding: { x: { ...x, axis: { format: () => 1 } } } }),
      /encoding\.x\.axis\.format is a function, not JSON/,
    ],
    [
      'a bigint',
      { ...lite({ mark: 'bar' }), data: { values: [{ a: 1n }] } },
      /data\.values\.0\.a is a bigint, not JSON/,
    ],
    [
      'a typed array',
      { ...lite({ mark: 'bar' }), data: { values: new Float32Array(2) } },
      /data\.values is of the class Float32Array, not JSON/,
    ],
    [
      'a map',
      { ...lite({ mark: 'bar' }), data: { values: [new Map([['a', 1]])] } },
      /data\.values\.0 is of the class Map, not JSON/,
    ],
    [
      'an unknown mark of Vega',
      vega({ marks: [{ type: 'symbool' }] }),
      /no mark is called "symbool"; one of arc, area, group,/,
    ],
    [
      'an unknown scale of Vega',
      vega({
        data: [{ name: 't', values: rows }],
        marks: [
          {
            type: 'symbol',
            from: { data: 't' },
            encode: { enter: { x: { scale: 'sx', field: 'b' } } },
          },
        ],
      }),
      /no scale is called "sx"/,
    ],
    [
      'an unknown field of Vega',
      vega({
        data: [{ name: 't', values: rows }],
        marks: [
          { type: 'symbol', from: { data: 't' }, encode: { enter: { x: { field: 'nope' } } } },
        ],
      }),
      /x is of the field "nope"/,
    ],
    [
      'unknown data of Vega',
      vega({ marks: [{ type: 'symbol', from: { data: 'nope' } }] }),
      /Undefined data set name: "nope"/,
    ],
  ];
  for (const [about, spec, told] of faults) {
    it(`is refused for ${about}`, async () => {
      await assert.rejects(renderSvg(spec), told);
    });
  }
  it('is refused for a part of itself', async () => {
    const spec: Record<string, unknown> & PlotSpec = { ...lite({ mark: 'bar', encoding: { x } }) };
    spec.usermeta = { spec };
    await assert.rejects(renderSvg(spec), /usermeta\.spec is a part of itself, not JSON/);
  });

  const right: readonly (readonly [about: string, spec: PlotSpec])[] = [
    [
      'fields with points and parts',
      lite({ mark: 'point', encoding: { x: of('c\\.d'), y: of('e.f[0]') } }),
    ],
    [
      'a count, which has no field',
      lite({ mark: 'bar', encoding: { x, y: { aggregate: 'count' } } }),
    ],
    [
      'rows of a class',
      {
        ...lite({ mark: 'point', encoding: { x: of('a') } }),
        data: { values: [new Row(1), new Row(2)] },
      },
    ],
    ['a count of *', lite({ mark: 'bar', encoding: { x, y: { aggregate: 'count', field: '*' } } })],
    [
      'fields that transforms make',
      lite({
        transform: [
          { fold: ['b', 'a'] },
          { aggregate: [{ op: 'mean', field: 'b', as: 'm' }], groupby: ['key'] },
        ],
        mark: 'bar',
        encoding: { x: { field: 'key', type: 'nominal' }, y: of('m') },
      }),
    ],
    [
      'fields that a pivot makes',
      lite({ transform: [{ pivot: 'a', value: 'b' }], mark: 'bar', encoding: { x: of('x') } }),
    ],
    [
      'the bounds of a bin',
      lite({
        transform: [{ bin: true, field: 'b', as: 'bin' }],
        mark: 'bar',
        encoding: {
          x: { field: 'bin', type: 'quantitative', bin: 'binned' },
          x2: { field: 'bin_end' },
        },
      }),
    ],
    [
      'the bounds of a month and of a stack',
      lite({
        transform: [
          { timeUnit: 'month', field: 'b', as: 'month' },
          { stack: 'b', groupby: [], as: 'sum' },
        ],
        mark: 'bar',
        encoding: {
          x: of('month'),
          x2: { field: 'month_end' },
          y: of('sum'),
          y2: { field: 'sum_end' },
        },
      }),
    ],
    [
      'what a regression tells of itself',
      lite({
        transform: [{ regression: 'b', on: 'c\\.d', params: true }],
        mark: 'text',
        encoding: { text: of('rSquared') },
      }),
    ],
    ['a name in brackets', lite({ mark: 'point', encoding: { x: of("['c.d']") } })],
    [
      'what layers share, of fields that each makes',
      lite({
        encoding: { x: of('made') },
        layer: [
          { transform: [{ calculate: 'datum.b', as: 'made' }], mark: 'point' },
          { data: { values: [{ made: 1 }] }, mark: 'rule' },
        ],
      }),
    ],
    [
      'texts that are read as dates',
      {
        ...lite({ mark: 'point', encoding: { x: of('t') } }),
        data: { values: [{ t: '2020-01-01' }], format: { parse: { t: 'date' } } },
      },
    ],
    [
      'texts of which the year is taken',
      {
        ...lite({ mark: 'point', encoding: { x: { ...of('t'), timeUnit: 'year' } } }),
        data: { values: [{ t: '2020-01-01' }] },
      },
    ],
    [
      'rows that Vega is given later',
      vega({
        data: [{ name: 't', values: rows, on: [{ trigger: 'true', insert: '{later: 1}' }] }],
        marks: [
          { type: 'symbol', from: { data: 't' }, encode: { enter: { x: { field: 'later' } } } },
        ],
      }),
    ],
    [
      'numbers that are texts',
      { ...lite({ mark: 'point', encoding: { x: of('n') } }), data: { values: [{ n: '1' }] } },
    ],
    [
      'layers with data of their own',
      { $schema: VEGA_LITE, layer: [{ data: { values: rows }, mark: 'bar', encoding: { x } }] },
    ],
    [
      'repeated fields',
      lite({
        repeat: ['b', 'c\\.d'],
        spec: {
          mark: 'point',
          encoding: { x: { field: { repeat: 'repeat' }, type: 'quantitative' } },
        },
      }),
    ],
    [
      'no rows',
      { ...lite({ mark: 'bar', encoding: { x: of('anything') } }), data: { values: [] } },
    ],
    [
      'data that are generated',
      {
        ...lite({ mark: 'line', encoding: { x: of('data') } }),
        data: { sequence: { start: 0, stop: 3 } },
      },
    ],
    [
      'dates',
      {
        ...lite({ mark: 'point', encoding: { x: { field: 't', type: 'temporal' } } }),
        data: { values: [{ t: new Date(0) }] },
      },
    ],
  ];
  for (const [about, spec] of right) {
    it(`is not seen in ${about}`, async () => {
      assert.match(await quietly(() => renderSvg(spec)), /^<svg /);
    });
  }
});
