package import LazuliResources

/// A named size of machine: what a job on it may use. Source: the public size tables of Azure's documentation.
package struct VMSize: Sendable {
    package let name: String
    package let family: String
    package let cores: Int
    package let memoryGiB: Double
    package let diskGiB: Int
    package let gpus: Int

    package var memoryBytes: Int64 { Int64(memoryGiB * 1_073_741_824) }

    /// Sizes are named without regard to case.
    /// - Throws: `invalidArgument` that lists the nearest ones.
    package static func named(_ name: String) throws -> VMSize {
        if let size = all.first(where: { $0.name.lowercased() == name.lowercased() }) { return size }
        let hint = NearestName.hint(name, among: all.map(\.name))
        throw ServiceError(
            .invalidArgument,
            "\"\(name)\" is not a known VM size.\(hint) `lazuli compute list-sizes` shows all.", target: name)
    }

    package var resource: JSON {
        [
            "name": .string(name), "family": .string(family), "vCPUs": JSON(cores), "gpus": JSON(gpus),
            "osVhdSizeMB": 131_072, "maxResourceVolumeMB": JSON(diskGiB * 1024), "memoryGB": .number(memoryGiB),
            "lowPriorityCapable": true, "premiumIO": true, "estimatedVMPrices": .null,
            "supportedComputeTypes": ["AmlCompute", "ComputeInstance"],
        ]
    }

    private static func size(
        _ name: String, _ family: String, _ cores: Int, _ memoryGiB: Double, _ diskGiB: Int, gpus: Int = 0
    ) -> VMSize {
        VMSize(
            name: name, family: "standard\(family)Family", cores: cores, memoryGiB: memoryGiB, diskGiB: diskGiB,
            gpus: gpus)
    }

    package static let all: [VMSize] = [
        size("Standard_A1_v2", "Av2", 1, 2, 10), size("Standard_A2_v2", "Av2", 2, 4, 20),
        size("Standard_A4_v2", "Av2", 4, 8, 40), size("Standard_B1s", "BS", 1, 1, 4),
        size("Standard_B2s", "BS", 2, 4, 8), size("Standard_B2ms", "BS", 2, 8, 16),
        size("Standard_D1_v2", "Dv2", 1, 3.5, 50), size("Standard_D2_v2", "Dv2", 2, 7, 100),
        size("Standard_D3_v2", "Dv2", 4, 14, 200), size("Standard_D4_v2", "Dv2", 8, 28, 400),
        size("Standard_D11_v2", "Dv2", 2, 14, 100), size("Standard_D12_v2", "Dv2", 4, 28, 200),
        size("Standard_D13_v2", "Dv2", 8, 56, 400),
        size("Standard_DS1_v2", "DSv2", 1, 3.5, 7), size("Standard_DS2_v2", "DSv2", 2, 7, 14),
        size("Standard_DS3_v2", "DSv2", 4, 14, 28), size("Standard_DS4_v2", "DSv2", 8, 28, 56),
        size("Standard_DS5_v2", "DSv2", 16, 56, 112), size("Standard_DS11_v2", "DSv2", 2, 14, 28),
        size("Standard_DS12_v2", "DSv2", 4, 28, 56), size("Standard_DS13_v2", "DSv2", 8, 56, 112),
        size("Standard_DS14_v2", "DSv2", 16, 112, 224),
        size("Standard_D2s_v3", "DSv3", 2, 8, 16), size("Standard_D4s_v3", "DSv3", 4, 16, 32),
        size("Standard_D8s_v3", "DSv3", 8, 32, 64), size("Standard_D16s_v3", "DSv3", 16, 64, 128),
        size("Standard_D2a_v4", "Dav4", 2, 8, 50), size("Standard_D4a_v4", "Dav4", 4, 16, 100),
        size("Standard_D2as_v4", "DASv4", 2, 8, 16), size("Standard_D4as_v4", "DASv4", 4, 16, 32),
        size("Standard_D2ds_v4", "DDSv4", 2, 8, 75), size("Standard_D4ds_v4", "DDSv4", 4, 16, 150),
        size("Standard_E2s_v3", "ESv3", 2, 16, 32), size("Standard_E4s_v3", "ESv3", 4, 32, 64),
        size("Standard_E8s_v3", "ESv3", 8, 64, 128), size("Standard_E4ds_v4", "EDSv4", 4, 32, 150),
        size("Standard_F2s_v2", "FSv2", 2, 4, 16), size("Standard_F4s_v2", "FSv2", 4, 8, 32),
        size("Standard_F8s_v2", "FSv2", 8, 16, 64), size("Standard_F16s_v2", "FSv2", 16, 32, 128),
        size("Standard_NC6", "NC", 6, 56, 340, gpus: 1), size("Standard_NC6s_v3", "NCSv3", 6, 112, 736, gpus: 1),
        size("Standard_NC4as_T4_v3", "NCASv3_T4", 4, 28, 180, gpus: 1),
        size("Standard_NC24ads_A100_v4", "NCADSA100v4", 24, 220, 64, gpus: 1),
        size("Standard_ND40rs_v2", "NDrsv2", 40, 672, 2900, gpus: 8),
    ]
}
