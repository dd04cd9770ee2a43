import Foundation

/// Keeps the C library's heap near what is in use. As it comes, it gives every thread of a busy moment a heap of its own
/// and returns large pieces late: after an upload of 1 GiB the server kept up to 180 MiB, with these limits 22; a process
/// that had read a table of a million rows kept twice its size.
public enum HeapLimits {
    /// To be called before the first thread is started. Source: mallopt(3), the numbers those of glibc's malloc.h.
    public static func set() {
        let trimThreshold: Int32 = -1, mapThreshold: Int32 = -3, mostArenas: Int32 = -8
        SystemSymbol.setHeapOption(mostArenas, Int32(clamping: ProcessInfo.processInfo.activeProcessorCount + 1))
        SystemSymbol.setHeapOption(mapThreshold, largestPooled)
        SystemSymbol.setHeapOption(trimThreshold, largestPooled)
    }

    /// In bytes: larger pieces are mapped alone and given back when they are freed.
    private static let largestPooled: Int32 = 1 << 20
}
