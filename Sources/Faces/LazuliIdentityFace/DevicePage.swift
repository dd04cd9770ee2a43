/// The page on which a person approves a device's code. It works without scripts.
enum DevicePage {
    /// - Parameters:
    ///   - userCode: fills the code's field; it came from the address and is escaped.
    ///   - problem: a sentence shown above the form.
    static func form(userCode: String, problem: String? = nil) -> String {
        let notice = problem.map { "<p role=\"alert\"><strong>\(escaped($0))</strong></p>" } ?? ""
        return frame(
            """
            <h1>Sign in a device</h1>
            \(notice)
            <form method="post" action="/device">
            <p><label>Code shown by the device<br>
            <input name="user_code" value="\(escaped(userCode))" required autocomplete="off"></label></p>
            <p><label>Your sign-in key (<code>IDENTITY_HEADER</code> of <code>lazuli env</code>)<br>
            <input name="key" type="password" required autocomplete="off"></label></p>
            <p><button>Approve</button></p>
            </form>
            <p>Or, in a terminal: <code>lazuli device approve CODE</code></p>
            """)
    }

    static func approved(by name: String) -> String {
        frame("<h1>Signed in</h1><p>The device is signed in as \(escaped(name)). You can close this page.</p>")
    }

    private static func frame(_ content: String) -> String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Lazuli</title>
        <meta name="viewport" content="width=device-width, initial-scale=1"></head>
        <body><main>
        \(content)
        </main></body></html>
        """
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { html, letter in
            switch letter {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            default: html.append(letter)
            }
        }
    }
}
