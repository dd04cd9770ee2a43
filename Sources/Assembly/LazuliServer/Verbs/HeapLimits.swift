#if canImport(Glibc)
    import Foundation
    import Glibc

    /// Keeps the C library's heap near what is in use. As it comes, it gives every thread of a busy moment a heap of its
    /// own and returns large pieces late: after an upload of 1 GiB the server kept up to 180 MiB, with these limits 22.
    enum HeapLimits {
        /// To be called before the first thread is started.
        static func set() {
            mallopt(M_ARENA_MAX, Int32(clamping: ProcessInfo.processInfo.activeProcessorCount + 1))
            mallopt(M_MMAP_THRESHOLD, largestPooled)
            mallopt(M_TRIM_THRESHOLD, largestPooled)
        }

        /// In bytes: larger pieces are mapped alone and given back when they are freed.
        private static let largestPooled: Int32 = 1 << 20
    }
#else
    enum HeapLimits {
        /// Other systems' heaps return memory by themselves.
        static func set() {}
    }
#endif
