// Starts a whole Bluesky network on loopback: directory, an account's server, the app's view. Says where, then waits.
import { TestNetwork } from '@atproto/dev-env'

const network = await TestNetwork.create({ dbPostgresSchema: 'switchboard' })
console.log(JSON.stringify({ pds: network.pds.url, ready: true }))

// A line "process" waits until everything that was posted is seen by everybody; the end of stdin ends the network.
process.stdin.setEncoding('utf8')
process.stdin.on('data', async () => {
  await network.processAll()
  console.log(JSON.stringify({ processed: true }))
})
process.stdin.on('end', async () => {
  const timer = setTimeout(() => process.exit(0), 5000)
  await network.close().catch(() => undefined)
  clearTimeout(timer)
  process.exit(0)
})
