import type { PlotSpec } from '../../lib/plots';
import { VEGA_LITE } from '../../lib/plots/spec';
import { lite, of, rows, vega, x, y } from './plotSpecs';

/** Plots that are refused, and what is told. */
export const faults: readonly (readonly [about: string, spec: PlotSpec, told: RegExp])[] = [
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
      marks: [{ type: 'symbol', from: { data: 't' }, encode: { enter: { x: { field: 'nope' } } } }],
    }),
    /x is of the field "nope"/,
  ],
  [
    'unknown data of Vega',
    vega({ marks: [{ type: 'symbol', from: { data: 'nope' } }] }),
    /Undefined data set name: "nope"/,
  ],
];
