import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DataFrame, readCSV, streamCSV, streamJSON } from 'danfojs-node';

describe('request, as danfo calls it', () => {
  let server: Server;
  let address: string;
  let asked: IncomingMessage[];
  before((done) => {
    server = createServer((request, response) => {
      asked.push(request);
      if (request.url === '/a.csv') response.end('x,y\n1,2.5\n3,4.5\n');
      else if (request.url === '/a.json') response.end('[{"x":1},{"x":3}]');
      else response.writeHead(404).end('x\n1\n');
    }).listen(0, '127.0.0.1', done);
  });
  beforeEach(() => {
    asked = [];
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after((done) => {
    server.close(done);
  });

  it('reads a table from an address, whole and row by row', async () => {
    const expected = [
      [1, 2.5],
      [3, 4.5],
    ];
    const whole = (await readCSV(`${address}/a.csv`)) as DataFrame;
    assert.deepEqual(whole.columns, ['x', 'y']);
    assert.deepEqual(whole.values, expected);
    const rows: unknown[] = [];
    await streamCSV(`${address}/a.csv`, (row) => rows.push(...(row as DataFrame).values));
    assert.deepEqual(rows, expected);
  });

  it('sends the method and the headers that it is given', async () => {
    const rows: unknown[] = [];
    await streamJSON(`${address}/a.json`, (row) => rows.push(...row.values), {
      method: 'POST',
      headers: { 'x-who': 'me' },
    });
    assert.deepEqual(rows, [[1], [3]]);
    assert.equal(asked[0]?.method, 'POST');
    assert.equal(asked[0]?.headers['x-who'], 'me');
  });

  it('tells what the server answered', async () => {
    await assert.rejects(readCSV(`${address}/none.csv`), /HTTP 404: Not Found/);
  });
});
