import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const axe = createRequire(__filename).resolve('axe-core/axe.min.js');

/** What axe-core finds in a page or a frame of it, but for the frames within, a sentence each. */
export async function faults(page: Page | Frame): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  // To list all that holds as well is most of the work on a long page.
  const options = "{ iframes: false, resultTypes: ['violations'] }";
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`);
  return violations.map(({ id, nodes }) => {
    return `${id}: ${nodes.length}, as ${nodes[0]!.html.slice(0, 200)} ${nodes[0]!.failureSummary}`;
  });
}
