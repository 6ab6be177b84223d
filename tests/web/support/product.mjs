// The real single-node server on a free port, and pages of a shop in front of it on the same origin.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const assembly = fileURLToPath(new URL('../../../src/Node/bin/Release/net10.0/Personalization.Node.dll', import.meta.url));

const freePort = () => new Promise(resolve => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Starts the server, configured with documents by path (`placements/home`). */
export async function startProduct(documents) {
  const data = mkdtempSync(join(tmpdir(), 'personalization-web-'));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const server = spawn('dotnet', [assembly, '--urls', address, '--data', data], { stdio: 'ignore' });
  for (let tries = 0; ; tries++) {
    try {
      if ((await fetch(`${address}/readyz`)).ok) {
        break;
      }
    } catch {
      if (tries > 300) {
        throw new Error('The server did not start; build the solution first.');
      }
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  for (const [path, body] of Object.entries(documents)) {
    const answer = await fetch(`${address}/v1/${path}`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!answer.ok) {
      throw new Error(`${path}: ${await answer.text()}`);
    }
  }
  return {
    address,
    isDown: false,
    hangs: false,
    /** Answers what is no page of the test: hands it to the server, unless that is to be down or to hang. */
    pass(incoming, outgoing) {
      if (this.isDown) {
        return outgoing.destroy();
      }
      if (this.hangs && incoming.url.startsWith('/v1/decide')) {
        return;
      }
      const through = httpRequest(address + incoming.url, { method: incoming.method, headers: incoming.headers }, answer => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        answer.pipe(outgoing);
      });
      through.on('error', () => outgoing.destroy());
      incoming.pipe(through);
    },
    async profile(id) {
      const answer = await fetch(`${address}/v1/users/${encodeURIComponent(id)}`);
      return answer.ok ? answer.json() : undefined;
    },
    async stop() {
      const ended = new Promise(resolve => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
