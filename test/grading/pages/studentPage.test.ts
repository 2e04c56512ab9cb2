import assert from 'node:assert/strict';
import { studentPage } from '../../../lib/grading/pages/studentPage';
import { grade } from './someGrade';

describe('reports', () => {
  it('are pages that a browser gets through', () => {
    const [notebook] = grade.notebooks;
    const nested = '<svg><g id="a"/><use href="#a"/></svg>';
    const wide = `|${'a|'.repeat(1200)}\n|${'-|'.repeat(1200)}\n${'|x\n'.repeat(2400)}`;
    const written = grade.written.map((one) => ({ ...one, text: wide }));
    const heavy = { ...grade, written, notebooks: [{ ...notebook!, outputs: { a: [nested] } }] };
    const page = studentPage(heavy, {});
    assert.match(page, /A picture that is not shown/);
    assert.ok(page.length < 1e6, `${page.length} characters`);
  });

  it('are pages in which nothing of the student’s runs', () => {
    const page = studentPage(grade, {});
    assert.doesNotMatch(page, /<script|<img src=x|<svg|<table onclick/);
    assert.match(page, /default-src 'none'/);
    assert.match(page, /<iframe sandbox=""/);
    assert.match(page, /✗ &#60;b&#62;: look/);
  });
});
