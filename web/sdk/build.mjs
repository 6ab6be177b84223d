// Builds what pages load. dist/kernel.js applies patches and nothing else, small enough to be inlined in a page's head.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';

const outputs = [
  { from: 'src/inline.ts', to: 'dist/kernel.js', limit: 1536, isScript: true },
  { from: 'src/page.ts', to: 'dist/sdk.js', limit: 4096, isScript: true },
  { from: 'src/index.ts', to: 'dist/sdk.mjs' },
];

mkdirSync('dist', { recursive: true });
for (const { from, to, limit, isScript } of outputs) {
  const bundle = await build({ entryPoints: [from], bundle: true, format: 'esm', target: 'es2022', write: false, legalComments: 'none' });
  const minified = await minify(bundle.outputFiles[0].text, {
    module: true,
    ecma: 2022,
    compress: { passes: 4, unsafe_arrows: true, pure_getters: true },
    // Private members have no names outside.
    mangle: { properties: { regex: /^(waiting|timer|failures|isSending|acknowledged|early|choices|stops|shown|version|isSeen|isDenied|apply_|clicked|followRoutes|leave|keep|schedule|body_)$/ } },
  });
  // A classic script shares its scope with every other script of the page. A block keeps names apart where there are only constants.
  const isConstant = !/\b(function|var)\b/.test(minified.code);
  const text = !isScript ? minified.code : isConstant ? `{${minified.code}}` : `(()=>{${minified.code}})()`;
  writeFileSync(to, text);
  const bytes = gzipSync(text, { level: 9 }).length;
  console.log(`${to}: ${bytes} bytes gzip${limit ? `, at most ${limit}` : ''}`);
  if (bytes > (limit ?? Infinity)) {
    process.exitCode = 1;
  }
}

execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '--emitDeclarationOnly'], { stdio: 'inherit' });
