/// How conda's package names relate to those of the Python package index. Data: add rows as they are met.
enum CondaPackageNames {
    /// conda name → name in the Python package index, where they differ.
    private static let indexNames: [String: String] = [
        "pytorch": "torch", "pytorch-cpu": "torch", "pytorch-gpu": "torch", "tensorflow-gpu": "tensorflow",
        "tensorflow-mkl": "tensorflow", "py-xgboost": "xgboost", "py-xgboost-cpu": "xgboost",
        "py-xgboost-gpu": "xgboost", "opencv": "opencv-python-headless", "py-opencv": "opencv-python-headless",
        "python-graphviz": "graphviz", "matplotlib-base": "matplotlib", "dask-core": "dask", "seaborn-base": "seaborn",
        "numpy-base": "numpy", "msgpack-python": "msgpack", "pytables": "tables", "ruamel_yaml": "ruamel.yaml",
        "pyqt": "PyQt5", "psycopg2": "psycopg2-binary", "pyspark-base": "pyspark", "fbprophet": "prophet",
        "huggingface_hub": "huggingface-hub", "importlib_metadata": "importlib-metadata", "python-kaleido": "kaleido",
        "lightgbm-cpu": "lightgbm", "blosc": "blosc", "pyarrow-core": "pyarrow",
        "sentence_transformers":
            "sentence-transformers", "pandas-base": "pandas", "sklearn": "scikit-learn",
    ]

    /// Libraries and tools of the system: the packages of the index bring what they need, or the host has it.
    private static let skipped: Set<String> = [
        "_libgcc_mutex", "_openmp_mutex", "gcc", "gxx", "gcc_linux-64", "gxx_linux-64", "libgcc", "libgcc-ng",
        "libstdcxx-ng", "libgomp", "libgfortran", "openblas", "libopenblas", "blas", "libblas", "liblapack", "mkl",
        "nomkl", "intel-openmp", "cudatoolkit", "cudnn", "cuda", "nccl", "pytorch-cuda", "cpuonly", "pytorch-mutex",
        "openmpi", "mpich", "ca-certificates", "openssl", "zlib", "sqlite", "readline", "tk", "xz", "ncurses",
        "libffi", "ld_impl_linux-64", "make", "git", "curl", "wget", "ffmpeg", "libsndfile", "graphviz", "tbb",
        "python_abi", "bzip2", "libuuid", "vim", "unzip",
    ]

    private static let otherLanguages: [String: String] = [
        "openjdk": "is the Java platform", "maven": "belongs to Java", "nodejs": "is a JavaScript runtime",
        "rust": "is a compiler", "go": "is a compiler", "julia": "is another language", "perl": "is another language",
        "scala": "is another language", "postgresql": "is a database server", "mysql": "is a database server",
    ]

    static func indexName(of name: String) -> String { indexNames[name] ?? name }

    static func notice(forSkipped name: String) -> String? {
        guard skipped.contains(name) || name.hasPrefix("cuda-") || name.hasPrefix("lib") && name.hasSuffix("-ng") else {
            return nil
        }
        return "\"\(name)\" is a system package and was not installed; jobs use what this machine offers."
    }

    /// Why a package cannot be had here at all, to follow its name; nil if it can.
    static func refusal(of name: String) -> String? {
        if let what = otherLanguages[name] {
            return
                "\(what) and no Python package: it cannot be installed here. Install it on the machine and remove "
                + "the line."
        }
        if name == "r-base" || name.hasPrefix("r-") || name.hasPrefix("bioconductor-") {
            return "belongs to R, and only Python packages can be installed here. Remove the line."
        }
        return nil
    }
}
