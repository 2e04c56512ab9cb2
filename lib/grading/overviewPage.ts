import { escapeHtml } from '../report/escapeHtml';
import type { Grade } from './gradeSubmission';
import { STYLE } from './studentPage';

/** The class at a glance: how the points are spread, and which criterion costs most. */
export function overviewPage(
  grades: readonly Grade[],
  fileOf: (student: string) => string,
): string {
  const rows = grades.map(({ student, earned, most, notebooks }) => {
    const stopped = notebooks.some((one) => one.stopped !== undefined || one.unreadable);
    const link = `<a href="${encodeURIComponent(fileOf(student))}">${escapeHtml(student)}</a>`;
    return `<tr><td>${link}</td><td class="n">${earned}</td><td>${bar(earned, most)}</td><td>${stopped ? 'stopped or unreadable: see the page' : ''}</td></tr>`;
  });
  const most = Math.max(1, ...spread(grades).map(({ count }) => count));
  const distribution = spread(grades).map(
    ({ from, to, count }) =>
      `<tr><td>${from} to ${to}</td><td class="n">${count}</td><td>${bar(count, most)}</td></tr>`,
  );
  const criteria = byCriterion(grades).map(
    ({ id, full, part, none, share }) =>
      `<tr><td>${escapeHtml(id)}</td><td class="n">${full}</td><td class="n">${part}</td><td class="n">${none}</td><td class="n">${Math.round(100 * share)} %</td><td>${bar(share, 1)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Grades</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${STYLE}</style></head><body>
<h1>${grades.length} submissions</h1>
<h2>How the automatic points are spread</h2>
<table><thead><tr><th>points</th><th>students</th><th></th></tr></thead><tbody>${distribution.join('\n')}</tbody></table>
<h2>Criteria, the one that costs most first</h2>
<table><thead><tr><th>criterion</th><th>all points</th><th>some</th><th>none</th><th>earned</th><th></th></tr></thead>
<tbody>${criteria.join('\n')}</tbody></table>
<h2>Students</h2>
<table><thead><tr><th>student</th><th>points</th><th></th><th></th></tr></thead><tbody>${rows.join('\n')}</tbody></table>
</body></html>
`;
}

function bar(value: number, most: number): string {
  return `<meter min="0" max="${most}" value="${value}">${value} of ${most}</meter>`;
}

/** How many students earned from 0 to 1, 1 to 2, … points; the last step has its end. */
function spread(grades: readonly Grade[]) {
  const most = Math.max(1, Math.ceil(Math.max(0, ...grades.map((grade) => grade.most))));
  return Array.from({ length: most }, (_, from) => ({
    from,
    to: from + 1,
    count: grades.filter(({ earned }) => Math.min(Math.floor(earned), most - 1) === from).length,
  }));
}

function byCriterion(grades: readonly Grade[]) {
  const ids = [...new Set(grades.flatMap(({ verdicts }) => verdicts.map(({ id }) => id)))];
  return ids
    .map((id) => {
      const all = grades.flatMap(({ verdicts }) => verdicts.filter((one) => one.id === id));
      const points = all.reduce((sum, one) => sum + one.points, 0);
      return {
        id,
        full: all.filter(({ earned, points }) => earned === points).length,
        part: all.filter(({ earned, points }) => earned > 0 && earned < points).length,
        none: all.filter(({ earned }) => earned === 0).length,
        share: points === 0 ? 0 : all.reduce((sum, one) => sum + one.earned, 0) / points,
      };
    })
    .sort((a, b) => a.share - b.share);
}
