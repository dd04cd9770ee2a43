import LazuliDomain
package import LazuliPersistence
package import LazuliResources

/// Schedules are checked, stored, listed, enabled and disabled. They do not fire yet, and every answer says so.
/// Source: `Schedules` of the specification; contract B10.
package enum SchedulesFeature {
    private static let notFiring =
        "Schedules are stored and shown by this version of Lazuli, and do not fire yet. Submit the job by hand."

    static let kind = DocumentKind("Schedules", singular: "schedule", at: "schedules", properties: properties)

    private static let properties: Schema = .object(
        SharedSchemas.resource + [
            .required("trigger", trigger), .required("action", action), .optional("displayName", .string),
            .optional("isEnabled", .boolean),
        ] + .readOnly("provisioningState", "isArchived"))

    private static let times: [Field] = [
        .optional("startTime", .string), .optional("endTime", .string), .optional("timeZone", .string),
    ]

    private static let pattern: Schema = .object([
        .optional("hours", .array(.integer)), .optional("minutes", .array(.integer)),
        .optional(
            "weekDays",
            .array(.oneOf(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]))),
        .optional("monthDays", .array(.integer)),
    ])

    private static let trigger: Schema = .tagged(
        by: "triggerType",
        [
            "Cron": .object(times + [.required("expression", .string)]),
            "Recurrence": .object(
                times + [
                    .required("frequency", .oneOf(["Minute", "Hour", "Day", "Week", "Month"])),
                    .required("interval", .integer), .optional("schedule", pattern),
                ]),
        ])

    private static let action: Schema = .tagged(
        by: "actionType",
        [
            "CreateJob": .object([.required("jobDefinition", .any)]),
            "InvokeBatchEndpoint": .object([.required("endpointInvocationDefinition", .any)]),
            "CreateMonitor": .object([.required("monitorDefinition", .any)]),
            "ImportData": .object([.required("dataImportDefinition", .any)]),
        ])

    package static func routes(database: StateDatabase, clock: WallClock) -> [Route] {
        var behaviour = DocumentBehaviour()
        behaviour.prepare = { body, _ in
            var properties = body["properties"]
            try check(properties["trigger"])
            if properties["isEnabled"].isNull { properties["isEnabled"] = true }
            for member in ["tags", "properties"] where properties[member].isNull { properties[member] = .emptyObject }
            var body = body
            body["properties"] = properties
            return body
        }
        behaviour.presentEach { body, _, _ in
            var body = body
            body["properties"]["provisioningState"] = "Succeeded"
            body["properties"]["properties"]["lazuli.reason"] = .string(notFiring)
            return body
        }
        let service = DocumentService(kind, database: database, clock: clock, behaviour: behaviour)
        let list = Route("GET", kind.collectionPath, "Schedules_List", action: kind.action("read")) { call in
            try await Self.list(service, call)
        }
        return service.routes([.get, .put, .patch, .delete]) + [list, service.notBuilt("trigger", because: notFiring)]
    }

    /// Schedules are listed by whether they are enabled, not by whether they are archived.
    private static func list(_ service: DocumentService, _ call: Call) async throws -> Reply {
        var query = try DocumentQuery(
            kind: kind.tableName, scope: try call.workspaceScope().key, order: .oldestFirst, call: call)
        query.view = .all
        let flag = "$.properties.isEnabled"
        switch call.query["listviewtype"]?.lowercased() {
        case "all": break
        case "disabledonly": query.unset.append(flag)
        default: query.flags.append(flag)
        }
        return try await service.page(query, call, path: service.kind.collectionPath(for: call))
    }

    private static func check(_ trigger: JSON) throws {
        if let interval = trigger["interval"].integer, interval < 1 {
            throw ServiceError(
                .invalidArgument, "The interval is \(interval); it must be at least 1.",
                target: "$.properties.trigger.interval")
        }
        if let expression = trigger["expression"].string,
            expression.split(separator: " ").count != 5
        {
            throw ServiceError(
                .invalidArgument,
                "\"\(expression)\" is no cron expression: it has five fields, minute hour day month weekday.",
                target: "$.properties.trigger.expression")
        }
    }
}
