import Foundation
import Torch

// Short forms of the generated messages.

extension ScalarType {
  /// Number of the type in ONNX.
  var dataType: Onnx_TensorProto.DataType {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .int16: .int16
    case .int32: .int32
    case .int64: .int64
    case .float16: .float16
    case .float32: .float
    case .float64: .double
    case .bool: .bool
    case .bfloat16: .bfloat16
    }
  }
}

extension Onnx_TensorProto {
  /// - data: the scalars in row-major order, little-endian.
  init(_ name: String, _ shape: [Int], _ data: Data, _ type: ScalarType) {
    self.init()
    self.name = name
    dims = shape.map(Int64.init)
    dataType = Int32(type.dataType.rawValue)
    rawData = data
  }
}

extension Onnx_AttributeProto {
  static func integer(_ name: String, _ value: Int) -> Self {
    var attribute = Self()
    (attribute.name, attribute.type, attribute.i) = (name, .int, Int64(value))
    return attribute
  }

  static func integers(_ name: String, _ values: [Int]) -> Self {
    var attribute = Self()
    (attribute.name, attribute.type, attribute.ints) = (name, .ints, values.map(Int64.init))
    return attribute
  }

  static func number(_ name: String, _ value: Double) -> Self {
    var attribute = Self()
    (attribute.name, attribute.type, attribute.f) = (name, .float, Float(value))
    return attribute
  }

  static func text(_ name: String, _ value: String) -> Self {
    var attribute = Self()
    (attribute.name, attribute.type, attribute.s) = (name, .string, Data(value.utf8))
    return attribute
  }
}

extension Onnx_ValueInfoProto {
  init(_ port: Graph.Port) {
    self.init()
    name = port.name
    type.tensorType.elemType = Int32(port.tensor.type.dataType.rawValue)
    type.tensorType.shape.dim = port.tensor.shape.map { extent in
      var dimension = Onnx_TensorShapeProto.Dimension()
      switch extent {
      case .fixed(let number): dimension.dimValue = Int64(number)
      case .samples(let times): dimension.dimParam = times == 1 ? "N" : "\(times)N"
      }
      return dimension
    }
  }
}

extension Graph {
  /// The graph inside a model that says what it is.
  func model(name: String, metadata: [(String, String)], version: String) -> Onnx_ModelProto {
    var model = Onnx_ModelProto()
    // The pair of ONNX 1.12; every later runtime reads it.
    model.irVersion = 8
    var operators = Onnx_OperatorSetIdProto()
    operators.version = 17
    model.opsetImport = [operators]
    (model.producerName, model.producerVersion) = ("Insonate", version)
    model.metadataProps = metadata.map { key, value in
      var entry = Onnx_StringStringEntryProto()
      (entry.key, entry.value) = (key, value)
      return entry
    }
    model.graph.name = name
    model.graph.node = nodes
    model.graph.initializer = initializers
    model.graph.input = inputs.map { Onnx_ValueInfoProto($0) }
    model.graph.output = outputs.map { Onnx_ValueInfoProto($0) }
    return model
  }
}
