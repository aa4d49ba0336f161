"""`make contract`."""

import sys

from contract.generate import write

changed = write()
sys.stdout.write("\n".join(changed) + "\n" if changed else "Everything is as the contract says.\n")
