// What danfo uses of `request` to read an address, by Node's own fetch: request itself is abandoned,
// and it brings forty packages, some of them with known faults.
const { PassThrough, pipeline } = require('node:stream');

/** A stream of what lies at the address; its event `response` comes before the first byte. */
function request({ url, method, headers }) {
  const body = new PassThrough();
  fetch(url, { method, headers })
    .then((response) => {
      body.emit('response', { statusCode: response.status, statusMessage: response.statusText });
      pipeline(response.body ?? [], body, () => {});
    })
    .catch((error) => body.destroy(error));
  return body;
}

request.get = (url) => request({ url });
module.exports = request;
