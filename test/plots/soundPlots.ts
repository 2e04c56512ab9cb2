import type { PlotSpec } from '../../lib/plots';
import { VEGA_LITE } from '../../lib/plots/spec';
import { lite, of, rows, vega, x } from './plotSpecs';

class Row {
  constructor(readonly a: number) {}
}

/** Plots without a fault, about which one might be wrong. */
export const sound: readonly (readonly [about: string, spec: PlotSpec])[] = [
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
  ['no rows', { ...lite({ mark: 'bar', encoding: { x: of('anything') } }), data: { values: [] } }],
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
