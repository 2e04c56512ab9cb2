import { chromium } from 'playwright-core';
(async () => {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  for (const [name, width, height, scheme] of [['light', 1280, 900, 'light'], ['dark', 1280, 900, 'dark'], ['600', 600, 900, 'light'], ['4k', 3840, 2160, 'dark']] as const) {
    if (process.argv[2] && !process.argv[2].split(',').includes(name)) continue;
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, offline: true });
    const page = await context.newPage();
    page.on('console', (m) => console.log(name, m.text())); page.on('pageerror', (e) => console.log(name, 'ERROR', e.message));
    await page.goto('file:///tmp/page/page.html#point=0.5,0.05');
    await page.waitForTimeout(process.argv[3] ? Number(process.argv[3]) : 4000);
    await page.click('#sample');
    await page.click('#roll'); await page.locator('#roll', { hasText: 'Let it roll' }).waitFor({ timeout: 120000 });
    console.log(await page.locator('#roll-told').innerText(), await page.locator('#curve-told').innerText());
    await page.waitForTimeout(500);
    await page.screenshot({ path: `/tmp/page/${name}.png`, fullPage: true });
    await context.close();
  }
  await browser.close(); process.exit(0);
})();
