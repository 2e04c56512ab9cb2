import assert from 'node:assert/strict';
import { deliveryOf, withoutCount } from '../../../lib/grading/submitted/delivered';

describe('files that a learning platform named', () => {
  it('say whose they are: those of Canvas', () => {
    assert.deepEqual(deliveryOf('ivanovanna_123_451_part-1.ipynb'), {
      platform: 'canvas',
      name: 'ivanovanna',
      id: '123',
      attachment: '451',
      file: 'part-1.ipynb',
    });
    const late = deliveryOf('müllerjörg_LATE_7_8_my_part_2.ipynb')!;
    assert.deepEqual([late.id, late.file, late.late], ['7', 'my_part_2.ipynb', true]);
    const joined = deliveryOf('o_neil_x_LATE_7_8_part_1_2.ipynb')!;
    assert.deepEqual(
      [joined.name, joined.id, joined.attachment, joined.file],
      ['o_neil_x', '7', '8', 'part_1_2.ipynb'],
    );
    // canvas-lms, lib/content_zipper.rb: name, LATE and number, as far as there are some, with _ between.
    const nameless = deliveryOf('LATE_anon_5Fq2x_451_1_2_part-1.ipynb')!;
    assert.deepEqual(
      [nameless.name, nameless.id, nameless.attachment, nameless.file, nameless.late],
      ['anon_5Fq2x', 'anon_5Fq2x', '451', '1_2_part-1.ipynb', true],
    );
    for (const own of ['part-1.ipynb', 'ann_1.ipynb', 'ann_b_c_d.ipynb', 'ann']) {
      assert.equal(deliveryOf(own), undefined, own);
    }
  });

  it('say whose they are: those of Moodle, as a folder and flat', () => {
    const whose = { platform: 'moodle', name: 'Anna Ivanova', id: '123' };
    // With the last line before Moodle 4.1, without it since.
    assert.deepEqual(deliveryOf('Anna Ivanova_123_assignsubmission_file_'), whose);
    assert.deepEqual(deliveryOf('Anna Ivanova_123_assignsubmission_file'), whose);
    const flat = deliveryOf('Anna Ivanova_123_assignsubmission_file_part-1.ipynb');
    assert.deepEqual(flat, { ...whose, file: 'part-1.ipynb' });
  });

  it('are one file where Canvas counts how often it came, and two where the student does', () => {
    assert.equal(withoutCount('part-1-2.ipynb', []), 'part-1.ipynb');
    assert.equal(withoutCount('part-3.1-1.ipynb', []), 'part-3.1.ipynb');
    assert.equal(withoutCount('part-1.ipynb', []), 'part-1.ipynb');
    assert.equal(withoutCount('lab-2.ipynb', ['lab-1.ipynb', 'lab-2.ipynb']), 'lab-2.ipynb');
    assert.equal(withoutCount('lab-2.ipynb', ['lab.ipynb', 'lab-2.ipynb']), 'lab.ipynb');
  });
});
