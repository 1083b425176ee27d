
# Bundles received from other instances.
bundles-name = Bundles received
bundles-heading = { $count } senders of bundles
bundles-under = Figures of other instances, signed by their senders and received by filings in the ledger. Nothing of them is mixed with the register here.
bundles-none = No bundle has been received yet. The command hoptac bundle accept receives one.
bundles-sender = Sender
bundles-plan = Plan
bundles-day = Figures as of
bundles-standings = Targets of the plan
bundles-received = Received
bundles-received-by = Received on { $day }, filing { $position }.
bundles-synthetic = synthetic data
bundles-unreadable = The bundle cannot be read; run hoptac verify.
bundle-heading = Figures of { $unit } as of { $day }
bundle-origin = Plan { $plan }; made by the sender on { $made } from position { $position } of its ledger.
bundle-synthetic = The figures in this bundle are synthetic data.
bundle-apart = These are figures as they were received and signed by the sender; this instance neither computes them anew nor adds them to its own.
bundle-facts = Facts of { $year }
bundle-facts-under = How many organisations are so, and the sums of what they declared, by kind. The sender leaves facts of too few organisations empty.
bundle-fact = Fact
bundle-fact-hidden = too few organisations
bundle-no-facts = This bundle has figures alone, no facts.
bundle-key = Public key of the sender:
error-no-sender = No bundle of the sender “{ $sender }” was received.
