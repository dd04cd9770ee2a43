/// Files for browsers that are part of the program.
package enum StudioFiles {
    /// The page of one online endpoint: HTML, UTF-8. It refers to the files that `vendored` lists as its neighbours, and
    /// to the endpoint's document as `../swagger.json`.
    package static var endpointPage: [UInt8] { PackageResources.endpoint_html }

    /// The manifest of what is fetched from the package index rather than kept here: JSON, UTF-8.
    package static var vendored: [UInt8] { PackageResources.vendor_json }
}
