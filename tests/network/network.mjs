// Starts a whole Bluesky network on loopback: directory, an account's server, the app's view. Says where, then waits.

// Its clock can be set ahead, because a session lasts for two hours: that must stand before anything is imported.
const RealDate = Date
let ahead = 0
globalThis.Date = class extends RealDate {
  constructor(...told) {
    super(...(told.length ? told : [RealDate.now() + ahead]))
  }
  static now() {
    return RealDate.now() + ahead
  }
}
const { TestNetwork } = await import('@atproto/dev-env')

const network = await TestNetwork.create({ dbPostgresSchema: 'switchboard', pds: { rateLimitsEnabled: true } })
const say = (what) => console.log(JSON.stringify(what))
say({ pds: network.pds.url, admin: network.pds.adminAuth(), ready: true })

// A line on stdin is an order, and each is answered. The end of stdin ends the network.
const orders = {
  settle: () => network.processAll(), // until everything that was posted is seen by everybody
  ahead: (seconds) => { ahead = Number(seconds) * 1000 },
}
const { createInterface } = await import('node:readline')
for await (const line of createInterface({ input: process.stdin })) {
  const [order, ...told] = line.split(' ')
  await orders[order](...told)
  say({ done: order })
}
setTimeout(() => process.exit(0), 5000).unref()
await network.close().catch(() => undefined)
process.exit(0)
