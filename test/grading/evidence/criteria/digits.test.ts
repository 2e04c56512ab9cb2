import assert from 'node:assert/strict';
import { join } from 'node:path';
import { images } from '../../../../lib/grading/evidence/criteria/digits';
import { cellText, readNotebook } from '../../../../lib/ipynb';
import { projectRoot } from '../../../../lib/root';

describe('the images that a submission is judged on', () => {
  const parts = { '1': images.parts1And2, '2': images.parts1And2, '3.2': images.part32 };
  for (const [part, ofCriteria] of Object.entries(parts)) {
    it(`are as many as the settings of Part ${part} say, at either size`, () => {
      const path = join(projectRoot, 'notebooks', 'instructor', `part-${part}.ipynb`);
      const code = cellText(readNotebook(path).cells.find(({ id }) => id === 'settings')!);
      for (const small of [true, false]) {
        const stated = (name: string) => {
          const [, expression] = new RegExp(`\\b${name}: (small [^,}\\n]+)`).exec(code)!;
          return Function('small', `return ${expression}`)(small) as number;
        };
        assert.deepEqual(ofCriteria(small), {
          trainImages: stated('trainImages'),
          testImages: stated('testImages'),
        });
      }
    });
  }
});
