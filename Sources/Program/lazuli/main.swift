import Glibc
import LazuliProcesses

// A job's supervisor is started for every job: it branches off before anything else wakes up.
if CommandLine.arguments.count >= 4 && CommandLine.arguments[1] == "child" && CommandLine.arguments[2] == "job" {
    exit(Supervisor.run(folder: CommandLine.arguments[3]))
}
print("lazuli")
