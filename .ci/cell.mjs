// Has a cell carried out by the JupyterLab that listens here, and prints what it gives: `node cell.mjs
// CODE`. As the page does it: a kernel by the REST interface, messages by a WebSocket.
const address = 'http://127.0.0.1:8888/api/kernels';
const headers = { Authorization: `token ${process.env.JUPYTER_TOKEN}` };
const answer = await fetch(address, { method: 'POST', headers, body: '{"name":"tslab"}' });
if (!answer.ok) throw new Error(`no kernel: ${answer.status} ${await answer.text()}`);
const { id } = await answer.json();

const socket = new WebSocket(
  `${address.replace('http', 'ws')}/${id}/channels?token=${process.env.JUPYTER_TOKEN}`,
);
await new Promise((opened, failed) => {
  socket.onopen = opened;
  socket.onerror = failed;
});
const content = { code: process.argv[2], silent: false, store_history: true, stop_on_error: true };
const header = { msg_id: 'cell', msg_type: 'execute_request', session: 'ci', username: 'ci' };
const request = { header: { ...header, version: '5.3', date: new Date().toISOString() }, content };
socket.send(JSON.stringify({ ...request, channel: 'shell', parent_header: {}, metadata: {} }));
const status = await new Promise((ended) => {
  // Answers and output come on channels of their own: the last of both is waited for.
  let [reply, isIdle] = [undefined, false];
  socket.onmessage = ({ data }) => {
    const { parent_header: parent, msg_type: type, content } = JSON.parse(data);
    if (parent.msg_id !== 'cell') return;
    if (type === 'stream') process.stdout.write(content.text);
    if (type === 'execute_result') console.log(content.data['text/plain']);
    if (type === 'execute_reply') reply = content.status;
    if (type === 'status') isIdle = content.execution_state === 'idle';
    if (reply !== undefined && isIdle) ended(reply);
  };
  socket.onclose = () => ended('the socket closed');
});
socket.close();
await fetch(`${address}/${id}`, { method: 'DELETE', headers });
if (status !== 'ok') throw new Error(`the cell ended with ${status}`);
