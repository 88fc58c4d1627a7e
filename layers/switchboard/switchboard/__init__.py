"""Switchboard: a hospital's social media, answered like its telephone.

The map, in the direction in which imports run:

    functions  →  wiring  →  adapters, platforms, schedulers, verbs  →  ports  →  domain

`domain`      pure values and decisions: what to do, and why
`config`      the automation config, as admins write it
`settings`    the only reader of the environment
`ports`       all that we need from the world, on one screen
`errors`      every error, by what its catcher does
`verbs`       what more than one trigger does: take a message in, ring, advance
`adapters`    DynamoDB, AppConfig, Secrets Manager, SES, SNS, S3
`platforms`   one module a platform: verify, parse, reply
`schedulers`  one module a scheduler: list, pause, resume, verify
`wiring`      which adapter stands behind which port
"""
