import { Agent, request } from 'node:http'

/** A load on loopback: `bodies` posted over so many keep-alive connections. Answers each request's milliseconds. */
export async function post(
  url: string,
  headers: Record<string, string>,
  bodies: readonly string[],
  connections: number,
): Promise<{ samplesMs: number[]; seconds: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const samplesMs: number[] = []
  let next = 0
  const began = performance.now()
  const work = async () => {
    for (;;) {
      const body = bodies[next++]
      if (body === undefined) return
      const at = performance.now()
      await send(agent, url, headers, body)
      samplesMs.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
  const seconds = (performance.now() - began) / 1_000
  agent.destroy()
  return { samplesMs, seconds }
}

function send(agent: Agent, url: string, headers: Record<string, string>, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
      },
      (answer) => {
        answer.resume()
        answer.once('end', () =>
          answer.statusCode === 201 ? resolve() : reject(new Error(`${url} answered ${answer.statusCode}`)),
        )
      },
    )
    sent.once('error', reject)
    sent.end(body)
  })
}
