import type { ExecutionEvent } from './startNotebook';

/** How often a line is printed where none can be drawn in place, in milliseconds. */
const LINE_MS = 5000;

/**
 * Shows what a run is doing: on a terminal one line in place, elsewhere a line at most every five
 * seconds. It ticks by itself, so a long cell without a bar shows how long it has been going.
 */
export function statusLine(title: string) {
  const out = process.stderr;
  let text = 'starting the kernel';
  let since = Date.now();
  let printed = Date.now();
  const draw = () => {
    const seconds = Math.round((Date.now() - since) / 1000);
    const line = `${title} · ${text} · ${seconds} s`;
    if (out.isTTY) out.write(`\r\x1b[K${line.slice(0, (out.columns || 80) - 1)}`);
    else if (Date.now() - printed >= LINE_MS) {
      printed = Date.now();
      out.write(`${line}\n`);
    }
  };
  const timer = setInterval(draw, 1000);
  return {
    show(event: ExecutionEvent) {
      if (event.kind === 'cell') {
        since = Date.now();
        text = `cell ${event.number}/${event.cells}`;
      } else if (event.kind === 'progress') {
        const left = event.secondsLeft === null ? '' : `, ${Math.ceil(event.secondsLeft)} s left`;
        text = `${text.split(':')[0]}: ${event.label} ${event.done}/${event.total}${left}`;
      }
      draw();
    },
    end(line: string) {
      clearInterval(timer);
      out.write(`${out.isTTY ? '\r\x1b[K' : ''}${title} · ${line}\n`);
    },
  };
}
