/** What a developer pastes to send a first event: the Segment clients as they are, pointed at this bank. */
export function snippets(address: string, key: string): Record<'curl' | 'python' | 'node' | 'browser', string> {
  return {
    curl: `curl -u '${key}:' ${address}/v1/track -H 'Content-Type: application/json' -d '{
  "messageId": "first-1", "userId": "10000001", "event": "app.login",
  "properties": {"channel": "app"}
}'`,
    python: `# pip install segment-analytics-python
from segment.analytics import Client

client = Client("${key}", host="${address}", gzip=True)
client.track("10000001", "app.login", {"channel": "app"})
client.flush()`,
    node: `// npm install @segment/analytics-node
import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: '${key}', host: '${address}', path: '/v1/batch' })
analytics.track({ userId: '10000001', event: 'app.login', properties: { channel: 'app' } })
await analytics.closeAndFlush()`,
    browser: `fetch('${address}/v1/page', {
  method: 'POST', keepalive: true,
  body: JSON.stringify({
    writeKey: '${key}',
    messageId: crypto.randomUUID(), anonymousId: visitor,
    name: document.title, properties: { path: location.pathname },
  }),
})`,
  }
}
